import { executeFloat } from '../graph/execute.ts';
import type { FloatGraph } from '../graph/float-graph.ts';

/** What running the float model on the calibration rows shows. */
export interface Calibration {
  readonly rows: readonly Float64Array[];
  /** By node: the largest absolute output over all rows. */
  readonly magnitudes: Float64Array;
  /** By row: the model's outputs before its head (logits). */
  readonly outputs: readonly Float64Array[];
}

/** Runs the float64 executor on the rows, in order. @param rows flat, [graph.input.count] each */
export function calibrate(graph: FloatGraph, rows: readonly Float64Array[]): Calibration {
  const magnitudes = new Float64Array(graph.nodes.length);
  const outputs = rows.map((row) => {
    const values = executeFloat(graph, row);
    graph.nodes.forEach((node, k) => {
      let largest = magnitudes[k]!;
      for (let id = node.first; id < node.first + node.count; id += 1) {
        largest = Math.max(largest, Math.abs(values[id]!));
      }
      magnitudes[k] = largest;
    });
    return Float64Array.from(graph.output.values, (id) => (id < 0 ? 0 : values[id]!));
  });
  return { rows, magnitudes, outputs };
}
