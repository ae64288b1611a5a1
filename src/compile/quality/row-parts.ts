import type { DataSet } from '../../data/data-set.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { FloatGraph } from '../../graph/float-graph.ts';
import { type Calibration, calibrate } from '../../quantize/calibrate.ts';
import { rowsOutside, splitRows } from './split-rows.ts';

/** Which rows set the scales, and which judge the result. */
export interface RowParts {
  /** The calibration file. All of its rows are within the input's ranges. */
  readonly calibration: DataSet;
  /** Indices of its rows that set the scales. */
  readonly fitted: readonly number[];
  /** The file that the held-out rows are in: the calibration file, or one of its own. */
  readonly judging: DataSet;
  /** Indices of the held-out rows. */
  readonly heldOut: readonly number[];
}

/**
 * One file is split by a fixed rule; with a second one, the first calibrates and the second is held out, except rows that
 * the first contains too.
 *
 * @throws QuietproofError QP3003 without calibration rows
 */
export function partRows(calibration: DataSet, test: DataSet | undefined): RowParts {
  const { rows } = calibration;
  if (rows.length === 0) throw new QuietproofError('QP3003');
  if (test !== undefined) {
    const fitted = Array.from(rows.keys());
    return { calibration, fitted, judging: test, heldOut: rowsOutside(rows, test.rows) };
  }
  const split = splitRows(rows);
  return { calibration, fitted: split.calibration, judging: calibration, heldOut: split.heldOut };
}

/**
 * Scales come from the fitted rows. The input's ranges come from all rows of the file: the circuit enforces them, so they
 * say which inputs are accepted, not how well the model fits, and a row that the user gave must not be refused later.
 */
export function calibrateOn(graph: FloatGraph, { calibration: { rows }, fitted }: RowParts): Calibration {
  return calibrate(
    graph,
    fitted.map((index) => rows[index]!),
    rows,
  );
}
