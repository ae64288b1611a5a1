import { openOnnxReference } from '../../../src/compile/reference/onnx-runtime.ts';
import { executeFloat, outputsOf } from '../../../src/graph/execute.ts';
import type { FloatGraph } from '../../../src/graph/float-graph.ts';
import { simplifyGraph } from '../../../src/graph/simplify.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { runModel } from '../../import/onnx/compare.ts';

/**
 * Compares the imported graph, as it is and simplified, with ONNX Runtime on rows.
 *
 * @param isLog whether the model ends in a log-softmax, which the graph calls a softmax
 * @returns what differs by more than float32 arithmetic does; undefined if nothing
 */
export async function compareImport(
  file: string,
  rows: readonly Float64Array[],
  isLog: boolean,
): Promise<string | undefined> {
  const reference = await runReference(file, rows);
  const imported = await importOnnx(file);
  for (const [name, graph] of Object.entries({ import: imported, simplify: simplifyGraph(imported) })) {
    const wrong = compareFloats(graph, rows, reference, isLog);
    if (wrong !== undefined) return `${name}: ${wrong}`;
  }
  return undefined;
}

async function runReference(file: string, rows: readonly Float64Array[]): Promise<Float64Array[]> {
  const reference = await openOnnxReference(file);
  try {
    const outputs: Float64Array[] = [];
    for (const row of rows) outputs.push(await reference.run(row));
    return outputs;
  } finally {
    await reference.close();
  }
}

/** The first row that differs by more than float32 arithmetic does. */
function compareFloats(
  graph: FloatGraph,
  rows: readonly Float64Array[],
  expected: readonly Float64Array[],
  isLog: boolean,
): string | undefined {
  const span = spanOf(expected);
  for (let k = 0; k < rows.length; k += 1) {
    // The graph's head says softmax of both; the label and the scores are the same.
    const ours = isLog ? logSoftmax(graph, rows[k]!) : runModel(graph, rows[k]!);
    const theirs = expected[k]!;
    if (ours.length !== theirs.length) return `${ours.length} outputs instead of ${theirs.length}`;
    const largest = executeFloat(graph, rows[k]!).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    // ONNX Runtime rounds every value to 24 bits, and sums lose some more.
    const own = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const room = 1e-4 * span + Math.max(largest, own) * 2 ** -18;
    const at = ours.findIndex((value, i) => !(Math.abs(value - theirs[i]!) <= room));
    if (at < 0) continue;
    if (graph.outputs[0]!.head === 'argmax' && isTie(graph, rows[k]!, ours[at]!, theirs[at]!, largest))
      continue;
    if (graph.outputs[0]!.head === 'sigmoid' || graph.outputs[0]!.head === 'softmax') {
      if (largest > 1e4) continue;
    }
    return `row ${k}, output ${at}: ${ours[at]} instead of ${theirs[at]}, of a span of ${span}`;
  }
  return undefined;
}

function logSoftmax(graph: FloatGraph, row: Float64Array): Float64Array {
  const scores = outputsOf(graph, executeFloat(graph, row));
  const largest = Math.max(...scores);
  const total = scores.reduce((sum, x) => sum + Math.exp(x - largest), 0);
  return scores.map((x) => x - largest - Math.log(total));
}

/** Whether two labels have scores that float32 does not tell apart. */
function isTie(graph: FloatGraph, row: Float64Array, a: number, b: number, largest: number): boolean {
  const values = executeFloat(graph, row);
  const score = (label: number) => values[graph.outputs[0]!.values[label]!]!;
  return Math.abs(score(a) - score(b)) <= largest * 2 ** -18;
}

function spanOf(outputs: readonly Float64Array[]): number {
  let [low, high] = [Infinity, -Infinity];
  for (const output of outputs) {
    for (const value of output) [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  return high - low;
}
