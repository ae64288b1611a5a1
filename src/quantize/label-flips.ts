import type { GraphOutput } from '../graph/float-graph.ts';
import { executeInteger } from '../integer/execute.ts';
import type { Calibration } from './calibrate.ts';
import { type Decision, labelThreshold, logitThreshold } from './decision.ts';
import type { QuantizedModel } from './quantize.ts';

/** Takes a label from logits, by the rules of the statement: the lowest index wins, a threshold is reached by ≥. */
export type Labeller = (logits: ArrayLike<number>) => number;

/**
 * How rows are labelled when counting flips. A model whose logits are proved is still judged by its labels where it
 * has some; a regression has none.
 */
export function labellerOf(output: GraphOutput, decision: Decision): Labeller | undefined {
  if (output.values.length > 1) return argmaxOf;
  const threshold = labelThreshold(output, decision);
  if (threshold === undefined) return undefined;
  const bound = logitThreshold(output, threshold);
  return (logits) => (logits[0]! >= bound ? 1 : 0);
}

function argmaxOf(logits: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < logits.length; i += 1) if (logits[i]! > logits[best]!) best = i;
  return best;
}

/** The integers of a row as calibration sees them: rounded, and kept within range. */
export function encodeClamped(model: QuantizedModel, row: Float64Array): Float64Array {
  const { offset, step, max } = model.graph.input;
  return row.map((x, i) => Math.min(Math.max(Math.floor((x - offset[i]!) / step[i]! + 0.5), 0), max[i]!));
}

/** Rows whose label differs between the float model and the integer one. */
export function countLabelFlips(model: QuantizedModel, calibration: Calibration, labeller: Labeller): number {
  const { graph, logits, logitScale } = model;
  let flips = 0;
  let values: Float64Array | undefined;
  calibration.rows.forEach((row, k) => {
    values = executeInteger(graph, encodeClamped(model, row), values);
    const reals = Float64Array.from(logits, (id) => values![id]! * logitScale);
    if (labeller(reals) !== labeller(calibration.outputs[k]!)) flips += 1;
  });
  return flips;
}
