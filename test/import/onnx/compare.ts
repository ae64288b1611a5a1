import { openOnnxReference } from '../../../src/compile/reference/onnx-runtime.ts';
import { executeFloat, outputsOf } from '../../../src/graph/execute.ts';
import type { FloatGraph } from '../../../src/graph/float-graph.ts';

/** The outputs of the whole float model: our executor, then the final function, which the circuit omits. */
export function runModel(graph: FloatGraph, row: Float64Array): Float64Array {
  const logits = outputsOf(graph, executeFloat(graph, row));
  const { head } = graph.outputs[0]!;
  if (head === 'sigmoid') return logits.map((x) => 1 / (1 + Math.exp(-x)));
  if (head === 'argmax') return Float64Array.of(logits.indexOf(Math.max(...logits)));
  if (head === 'none') return logits;
  const exps = logits.map((x) => Math.exp(x - Math.max(...logits)));
  return exps.map((x) => x / exps.reduce((sum, y) => sum + y, 0));
}

/** The largest difference, relative to max(1, largest expected value); Infinity if the lengths differ. */
export function largestError(actual: Float64Array, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  return Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!) / scale));
}

/** Runs the model in ONNX Runtime on one row. */
export async function runReference(path: string, row: Float64Array): Promise<Float64Array> {
  const reference = await openOnnxReference(path);
  try {
    return await reference.run(row);
  } finally {
    await reference.close();
  }
}

/** Reproducible pseudorandom numbers between −2 and 2. */
export function noise(count: number, seed = 1): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return Math.fround((state / 2147483647) * 4 - 2);
  });
}
