import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readParts } from '#dist/compile/compile-model.js';
import { type LoadedModel, loadModel, readModelRows } from '#dist/compile/load-model.js';
import { integerLogits } from '#dist/compile/quality/compare.js';
import { quantizeOnData } from '#dist/compile/quantize-on-data.js';
import { executeFloat, outputsOf } from '#dist/graph/execute.js';
import type { FloatGraph, GraphOutput } from '#dist/graph/float-graph.js';
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

/** How close two scores are that float32 may not tell apart, as a share of a value: a bit of its last place. */
const FLOAT32_STEP = 2 ** -23;

/**
 * Values that a model compares between its layers are close below this share of their largest distance: each may be off by
 * what the default contract allows an output, 1 %.
 */
const CLOSE_SHARE = 0.02;

/**
 * Compares with answers.json, which holds what ONNX Runtime gives for rows.csv.
 *
 * The bound is the largest difference of a score from the float graph's on the held-out rows of train.csv: rows that do
 * not calibrate, and are none of those compared. It is 0 for ensembles of trees, whose integers round nothing that can
 * move a label. A model that counts votes jumps where two values that it compares change places: rows with two such
 * values that are close count as close, and for no bound.
 *
 * @param compiled the integer graph of the artifact, which the compared one must be
 */
export async function compareLabels(folder: string, compiled: Buffer): Promise<Comparison> {
  const loaded = await loadModel(path.join(folder, 'model.onnx'), {});
  const parts = await readParts(loaded, { calibration: path.join(folder, 'train.csv') });
  const { model } = await quantizeOnData(loaded, parts, {});
  if (!compiled.equals(Buffer.from(integerGraphJson(model.graph)))) throw new Error('another integer graph');
  const heldOut = parts.heldOut.map((index) => parts.judging.rows[index]!);
  const jumps = new Jumps(loaded.graph, heldOut);
  const bound = model.leafBound === undefined ? boundOn(heldOut, loaded, model, jumps) : 0;
  const { rows } = await readModelRows(path.join(folder, 'rows.csv'), loaded);
  const answers: Record<string, unknown[]> = JSON.parse(
    await readFile(path.join(folder, 'answers.json'), 'utf8'),
  );
  const counts: Counts = { differences: 0, close: 0, unexplained: 0, floatDifferences: 0 };
  rows.forEach((row, k) => {
    const scores = scoresOf(loaded, model, row);
    const own = jumps.isNear(row) ? Infinity : bound;
    let first = 0;
    for (const output of loaded.graph.outputs) {
      const end = first + output.values.length;
      const part = { float: scores.float.slice(first, end), integer: scores.integer.slice(first, end) };
      countOutput(counts, part, output, [answers[output.tensor]![k]].flat(), own);
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

function boundOn(
  rows: readonly Float64Array[],
  loaded: LoadedModel,
  model: QuantizedModel,
  jumps: Jumps,
): number {
  const errors = rows
    .filter((row) => !jumps.isNear(row))
    .flatMap((row) => {
      const { float, integer } = scoresOf(loaded, model, row);
      return float.map((value, i) => Math.abs(value - integer[i]!));
    });
  return Math.max(0, ...errors);
}

/** Where a model compares values between its layers. */
class Jumps {
  readonly #graph: FloatGraph;
  /** The largest distance of each two values that are compared. */
  readonly #largest: number[];

  constructor(graph: FloatGraph, rows: readonly Float64Array[]) {
    this.#graph = graph;
    const distances = rows.map((row) => this.#distances(row));
    this.#largest = (distances[0] ?? []).map((_, i) => Math.max(...distances.map((own) => own[i]!)));
  }

  /** Equal values are not close: the largest of some is compared with all of them. */
  isNear(row: Float64Array): boolean {
    return this.#distances(row).some(
      (distance, i) => distance > 0 && distance < CLOSE_SHARE * this.#largest[i]!,
    );
  }

  #distances(row: Float64Array): number[] {
    const values = executeFloat(this.#graph, row);
    const at = (id: number) => (id >= 0 ? values[id]! : 0);
    return this.#graph.nodes.flatMap((node) =>
      node.op !== 'compare' ? [] : Array.from(node.left, (id, i) => Math.abs(at(id) - at(node.right[i]!))),
    );
  }
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
  // Scores that are one number in float32, of which the runtime takes the first, may differ in doubles.
  const isTie = isClose && best! - second! < FLOAT32_STEP * Math.max(1, Math.abs(best!));
  if (!isTie && label(float) !== String(expected[0])) counts.floatDifferences += 1;
  if (isClose) counts.close += 1;
  if (label(integer) === String(expected[0])) return;
  counts.differences += 1;
  if (!isClose) counts.unexplained += 1;
}

const isNear = (own: number, expected: number): boolean =>
  Math.abs(own - expected) <= FLOAT32_ERROR * Math.max(1, Math.abs(expected));
