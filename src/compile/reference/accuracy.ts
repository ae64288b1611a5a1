import type { GraphOutput } from '../../graph/float-graph.ts';
import { logitThreshold, type ScoreFormat } from '../../quantize/decision.ts';

export interface AccuracyInput extends ScoreFormat {
  /** The float model's own outputs (after its final sigmoid or softmax), one per row. */
  readonly float: readonly Float64Array[];
  /** The integer model's outputs for the same rows, as reals: always logits, before any head. */
  readonly integer: readonly Float64Array[];
  /**
   * How a row is labelled: the lowest index of the largest score, or score ≥ threshold, in units of the float model's
   * output (a probability after a sigmoid). Omitted if the outputs are not classes.
   */
  readonly decision?: 'argmax' | { readonly threshold: number };
  /** One per row: class indices, or 0 and 1. */
  readonly labels?: readonly number[];
}

/** The integer model compared with the float model. Rates and accuracies are fractions of `rows`. */
export interface Accuracy {
  readonly rows: number;
  readonly floatAccuracy?: number;
  readonly integerAccuracy?: number;
  /** Number of rows that the two models label differently. */
  readonly labelFlips?: number;
  readonly flipRate?: number;
  /** Over all outputs of all rows, in units of the float model's output; omitted if that output is a label. */
  readonly maxAbsError?: number;
  readonly meanAbsError?: number;
}

/** Compares the integer model with the float model on the same rows; every list has at least one row. */
export function measureAccuracy(input: AccuracyInput): Accuracy {
  const errors = input.head === 'argmax' ? {} : outputErrors(input);
  const rows = input.float.length;
  if (input.decision === undefined) return { rows, ...errors };
  const floatLabels = input.float.map((output) => floatLabel(output, input));
  const integerLabels = input.integer.map((logits) => integerLabel(logits, input));
  const labelFlips = rows - matches(floatLabels, integerLabels);
  const flips = { labelFlips, flipRate: labelFlips / rows };
  if (input.labels === undefined) return { rows, ...flips, ...errors };
  const floatAccuracy = matches(floatLabels, input.labels) / rows;
  const integerAccuracy = matches(integerLabels, input.labels) / rows;
  return { rows, floatAccuracy, integerAccuracy, ...flips, ...errors };
}

function floatLabel(output: Float64Array, { head, decision }: AccuracyInput): number {
  if (head === 'argmax') return output[0]!;
  if (typeof decision === 'object') return output[0]! >= decision.threshold ? 1 : 0;
  return indexOfLargest(output);
}

/** Labels as the circuit does: by the logit, since the float model's final function is monotone. */
function integerLabel(logits: Float64Array, { decision, ...format }: AccuracyInput): number {
  if (typeof decision !== 'object') return indexOfLargest(logits);
  return logits[0]! >= logitThreshold(format, decision.threshold) ? 1 : 0;
}

/** The lowest index if there is a tie. */
function indexOfLargest(scores: Float64Array): number {
  let best = 0;
  for (let i = 1; i < scores.length; i += 1) if (scores[i]! > scores[best]!) best = i;
  return best;
}

function matches(a: readonly number[], b: readonly number[]): number {
  let count = 0;
  for (let i = 0; i < a.length; i += 1) if (a[i] === b[i]) count += 1;
  return count;
}

function outputErrors({ float, integer, head }: AccuracyInput): Accuracy | object {
  let [maxAbsError, sum, count] = [0, 0, 0];
  for (const [row, expected] of float.entries()) {
    const found = applyHead(head, integer[row]!, expected);
    for (let i = 0; i < expected.length; i += 1) {
      const error = Math.abs(found[i]! - expected[i]!);
      maxAbsError = Math.max(maxAbsError, error);
      sum += error;
      count += 1;
    }
  }
  return { maxAbsError, meanAbsError: sum / count };
}

/** The logits after the float model's final function. Its own rounding error is far below any reported error. */
function applyHead(head: GraphOutput['head'], logits: Float64Array, expected: Float64Array): Float64Array {
  if (head === 'sigmoid') return logits.map((x) => 1 / (1 + Math.exp(-x)));
  if (head !== 'softmax') return logits;
  const shift = Math.max(...logits);
  const total = logits.reduce((sum, x) => sum + Math.exp(x - shift), 0);
  // The importer treats a log-softmax as a softmax. All its outputs are ≤ 0, while those of a softmax sum to 1.
  if (expected.every((value) => value <= 0)) return logits.map((x) => x - shift - Math.log(total));
  return logits.map((x) => Math.exp(x - shift) / total);
}
