import { executeFloat, outputsOf } from '../graph/execute.ts';
import type { FloatGraph } from '../graph/float-graph.ts';
import { countValues } from '../graph/use.ts';

/** What running the float model on the calibration rows shows. */
export interface Calibration {
  readonly rows: readonly Float64Array[];
  /** Rows that the input's ranges hold: the calibration rows, and others that are not calibrated on. */
  readonly accepted: readonly Float64Array[];
  /** By value id: the lowest and the highest value over all rows that have one; 0 where all are missing. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** By row: the model's outputs before their heads (logits). */
  readonly outputs: readonly Float64Array[];
}

/** Runs the float64 executor on the rows, in order. @param rows flat, [graph.input.count] each; at least one */
export function calibrate(
  graph: FloatGraph,
  rows: readonly Float64Array[],
  accepted: readonly Float64Array[] = rows,
): Calibration {
  const low = new Float64Array(countValues(graph)).fill(Infinity);
  const high = new Float64Array(countValues(graph)).fill(-Infinity);
  const outputs = rows.map((row) => {
    const values = executeFloat(graph, row);
    for (let id = 0; id < values.length; id += 1) {
      const value = values[id]!;
      if (value < low[id]!) low[id] = value;
      if (value > high[id]!) high[id] = value;
    }
    return outputsOf(graph, values);
  });
  low.forEach((least, id) => {
    if (least > high[id]!) [low[id], high[id]] = [0, 0];
  });
  return { rows, accepted, low, high, outputs };
}
