import type { ActivationFunction } from '../graph/float-graph.ts';
import type { GraphBuilder, NodeInfo } from './graph-builder.ts';
import { reduceAxes } from './pooling.ts';
import type { TensorView } from './tensor.ts';

const EXP: ActivationFunction = { kind: 'tabulated', of: { name: 'exp' } };
const LOG: ActivationFunction = { kind: 'tabulated', of: { name: 'log' } };

/**
 * The sum of exponentials is at least 1, that of the largest value. Interval arithmetic cannot see that; a maximum with
 * less than 1, so that rounded exponentials do not reach it, shows that no divisor is 0.
 */
const LEAST_SUM = 0.5;

/** e^x / Σ e^x along axes, from differences with the largest value, whose exponentials are at most 1. */
export function softmaxOver(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  axes: readonly number[],
): TensorView {
  const { powers, sums } = exponentials(builder, node, x, axes);
  const data = new Float64Array(sums.ids.length).fill(LEAST_SUM);
  const least = builder.constant(node, { shape: sums.shape, data });
  const pairs = new Int32Array(2 * data.length);
  sums.ids.forEach((id, i) => {
    pairs[2 * i] = id;
    pairs[2 * i + 1] = least.ids[i]!;
  });
  const divisors = { shape: sums.shape, ids: builder.max(node, 2, pairs) };
  return builder.binary(node, 'divide', powers, divisors);
}

/** x − log Σ e^x along axes. */
export function logSoftmaxOver(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  axes: readonly number[],
): TensorView {
  const { differences, sums } = exponentials(builder, node, x, axes);
  return builder.add(node, differences, builder.activation(node, sums, LOG), -1);
}

/** log Σ e^x along axes, which keep size 1. */
export function logSumExpOver(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  axes: readonly number[],
): TensorView {
  const { largest, sums } = exponentials(builder, node, x, axes);
  return builder.add(node, largest, builder.activation(node, sums, LOG));
}

function exponentials(builder: GraphBuilder, node: NodeInfo, x: TensorView, axes: readonly number[]) {
  const largest = reduceAxes(builder, node, x, axes, 'max');
  const differences = builder.add(node, x, largest, -1);
  const powers = builder.activation(node, differences, EXP);
  return { largest, differences, powers, sums: reduceAxes(builder, node, powers, axes, 'sum') };
}
