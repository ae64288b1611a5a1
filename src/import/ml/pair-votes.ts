import { dense } from '../dense.ts';
import { Logic } from '../logic.ts';
import type { OperatorContext } from '../onnx/operator.ts';
import type { TensorView } from '../tensor.ts';

/** Every pair of classes, the earlier first, in the order in which machines list their scores. */
export function pairsOfClasses(classes: number): (readonly [number, number])[] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < classes - 1; i += 1) for (let j = i + 1; j < classes; j += 1) pairs.push([i, j]);
  return pairs;
}

/**
 * How many of its pairs each class wins: the earlier class if the pair's score is above 0, else the later one. A comparison
 * per pair; the sums are linear.
 *
 * @param scores one per pair
 * @returns [1, classes]
 */
export function pairVotes(context: OperatorContext, scores: TensorView, classes: number): TensorView {
  const { builder, node } = context;
  const pairs = pairsOfClasses(classes);
  const isLater = new Logic(builder, node).atLeast(constantView(context, [0]), scores);
  const weights = new Float64Array(classes * pairs.length);
  const votes = new Float64Array(classes);
  for (const [k, [earlier, later]] of pairs.entries()) {
    votes[earlier]! += 1;
    weights[earlier * pairs.length + k] = -1;
    weights[later * pairs.length + k] = 1;
  }
  return dense(builder, node, isLater, { shape: [classes, pairs.length], data: weights }, votes);
}

/** Constants as a row of values, [1, length]. */
export function constantView({ builder, node }: OperatorContext, values: readonly number[]): TensorView {
  return builder.constant(node, { shape: [1, values.length], data: Float64Array.from(values) });
}
