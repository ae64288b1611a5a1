import type { GraphOutput } from '../../graph/float-graph.ts';
import { logitThreshold, type ScoreFormat } from '../../quantize/decision.ts';

/** How one output of a model is read as values and labels. */
export interface AnswerRule extends ScoreFormat {
  /**
   * How a row is labelled: the lowest index of the largest score, or score ≥ threshold for each score, in units of the
   * float model's output (a probability after a sigmoid). Omitted if the outputs are not classes.
   */
  readonly decision?: 'argmax' | { readonly threshold: number };
}

/** The labels that the float model's own output gives: one, or one per score that a threshold decides. */
export function floatLabels(output: ArrayLike<number>, { head, decision }: AnswerRule): number[] {
  if (head === 'argmax') return [output[0]!];
  if (typeof decision === 'object') return Array.from(output, (x) => Number(x >= decision.threshold));
  return [indexOfLargest(output)];
}

/** The labels that logits give, as in the circuit: the float model's final function is monotone. */
export function logitLabels(logits: ArrayLike<number>, { decision, ...format }: AnswerRule): number[] {
  if (typeof decision !== 'object') return [indexOfLargest(logits)];
  const threshold = logitThreshold(format, decision.threshold);
  return Array.from(logits, (x) => Number(x >= threshold));
}

/** The distance of logits from the nearest ones with another label. */
export function labelMargin(logits: Float64Array, { decision, ...format }: AnswerRule): number {
  if (typeof decision === 'object') {
    const threshold = logitThreshold(format, decision.threshold);
    return logits.reduce((least, x) => Math.min(least, Math.abs(x - threshold)), Infinity);
  }
  const [first = 0, second = -Infinity] = logits.toSorted((a, b) => b - a);
  return first - second;
}

/**
 * The logits after the float model's final function. Its own rounding error is far below any reported error.
 *
 * @param expected the float model's output, which shows whether a softmax is a log-softmax
 */
export function applyHead(
  head: GraphOutput['head'],
  logits: Float64Array,
  expected: Float64Array,
): Float64Array {
  if (head === 'sigmoid') return logits.map((x) => 1 / (1 + Math.exp(-x)));
  if (head !== 'softmax') return logits;
  const shift = Math.max(...logits);
  const total = logits.reduce((sum, x) => sum + Math.exp(x - shift), 0);
  // The importer treats a log-softmax as a softmax. All its outputs are ≤ 0, while those of a softmax sum to 1.
  if (expected.every((value) => value <= 0)) return logits.map((x) => x - shift - Math.log(total));
  return logits.map((x) => Math.exp(x - shift) / total);
}

/** The lowest index if there is a tie. */
function indexOfLargest(scores: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < scores.length; i += 1) if (scores[i]! > scores[best]!) best = i;
  return best;
}
