import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readParts } from '#dist/compile/compile-model.js';
import { type LoadedModel, loadModel, readModelRows } from '#dist/compile/load-model.js';
import { integerLogits } from '#dist/compile/quality/compare.js';
import { quantizeOnData } from '#dist/compile/quantize-on-data.js';
import { executeFloat, outputsOf } from '#dist/graph/execute.js';
import type { GraphOutput } from '#dist/graph/float-graph.js';
import { integerGraphJson } from '#dist/integer/integer-graph-json.js';
import { isOutside } from '#dist/quantize/encode-clamped.js';
import type { QuantizedModel } from '#dist/quantize/quantize.js';

/** How the answers of a model compare with ONNX Runtime's on rows that training did not see. */
export interface Comparison {
  readonly rows: number;
  /** Labels of the integer model that differ. */
  readonly differences: number;
  /** Labels whose two best float scores are no farther apart than twice the bound. */
  readonly close: number;
  /** Labels that differ and are not close, of which there must be none. */
  readonly unexplained: number;
  /** Labels and values of the float graph that differ, of which there must be none. */
  readonly floatDifferences: number;
  /** Rows with a value that the circuit does not take, of which there must be none. */
  readonly outside: number;
}

type Counts = { -readonly [K in Exclude<keyof Comparison, 'rows' | 'outside'>]: number };

/** What the runtime's float32 sums may be off, as a share of a value. */
const FLOAT32_ERROR = 1e-4;

/**
 * Compares with answers.json, which holds what ONNX Runtime gives for rows.csv.
 *
 * The bound is the largest difference of a score from the float graph's on the held-out rows of train.csv: rows that do
 * not calibrate, and are none of those compared. It is 0 for ensembles of trees, whose integers round nothing that can
 * move a label.
 *
 * @param compiled the integer graph of the artifact, which the compared one must be
 */
export async function compareLabels(folder: string, compiled: Buffer): Promise<Comparison> {
  const loaded = await loadModel(path.join(folder, 'model.onnx'), {});
  const parts = await readParts(loaded, { calibration: path.join(folder, 'train.csv') });
  const { model } = await quantizeOnData(loaded, parts, {});
  if (!compiled.equals(Buffer.from(integerGraphJson(model.graph)))) throw new Error('another integer graph');
  const bound =
    model.leafBound === undefined ? boundOn(parts.heldOut.map(rowOf(parts.judging.rows)), loaded, model) : 0;
  const { rows } = await readModelRows(path.join(folder, 'rows.csv'), loaded);
  const answers: Record<string, unknown[]> = JSON.parse(
    await readFile(path.join(folder, 'answers.json'), 'utf8'),
  );
  const counts: Counts = { differences: 0, close: 0, unexplained: 0, floatDifferences: 0 };
  rows.forEach((row, k) => {
    const scores = scoresOf(loaded, model, row);
    let first = 0;
    for (const output of loaded.graph.outputs) {
      const end = first + output.values.length;
      const own = { float: scores.float.slice(first, end), integer: scores.integer.slice(first, end) };
      countOutput(counts, own, output, [answers[output.tensor]![k]].flat(), bound);
      first = end;
    }
  });
  return { rows: rows.length, ...counts, outside: rows.filter((row) => isOutside(model, row)).length };
}

interface Scores {
  readonly float: number[];
  readonly integer: number[];
}

function scoresOf({ graph }: LoadedModel, model: QuantizedModel, row: Float64Array): Scores {
  return {
    float: Array.from(outputsOf(graph, executeFloat(graph, row))),
    integer: Array.from(integerLogits(model, row)),
  };
}

const rowOf = (rows: readonly Float64Array[]) => (index: number) => rows[index]!;

function boundOn(rows: readonly Float64Array[], loaded: LoadedModel, model: QuantizedModel): number {
  const errors = rows.flatMap((row) => {
    const { float, integer } = scoresOf(loaded, model, row);
    return float.map((value, i) => Math.abs(value - integer[i]!));
  });
  return Math.max(...errors);
}

function countOutput(
  counts: Counts,
  { float, integer }: Scores,
  { head, classes }: GraphOutput,
  expected: readonly unknown[],
  bound: number,
): void {
  if (head !== 'argmax') {
    const differs = float.some((value, i) => !isNear(value, Number(expected[i])));
    if (differs) counts.floatDifferences += 1;
    return;
  }
  const label = (scores: readonly number[]) => {
    const best = scores.indexOf(Math.max(...scores));
    return classes?.[best] ?? String(best);
  };
  const [best, second] = float.toSorted((a, b) => b - a);
  const isClose = best! - second! < 2 * bound;
  if (label(float) !== String(expected[0])) counts.floatDifferences += 1;
  if (isClose) counts.close += 1;
  if (label(integer) === String(expected[0])) return;
  counts.differences += 1;
  if (!isClose) counts.unexplained += 1;
}

const isNear = (own: number, expected: number): boolean =>
  Math.abs(own - expected) <= FLOAT32_ERROR * Math.max(1, Math.abs(expected));
