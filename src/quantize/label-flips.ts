import { roundV2 as nearest } from '@quietproof/verify';
import type { GraphOutput } from '../graph/float-graph.ts';
import { executeInteger } from '../integer/execute.ts';
import type { Calibration } from './calibrate.ts';
import { type Decision, labelThreshold, logitThreshold } from './decision.ts';
import type { QuantizedModel } from './quantize.ts';

/** Derives a label from logits by the rules of the statement: ties go to the lowest index; a threshold compares with ≥. */
export type Labeller = (logits: ArrayLike<number>) => number;

/**
 * The labels by which flips are counted. A classifier has them even if only its logits are proved; a regression has none
 * (undefined).
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

/** Encodes a row as proofs do, but clamps it to the encoding's range. */
export function encodeClamped(model: QuantizedModel, row: Float64Array): Float64Array {
  const { offset, step, max } = model.graph.input;
  return row.map((x, i) => Math.min(Math.max(nearest((x - offset[i]!) / step[i]!), 0), max[i]!));
}

/** Counts calibration rows whose label differs between the float model and the integer model. */
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
