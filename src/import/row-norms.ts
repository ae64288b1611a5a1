import { ZERO } from '../graph/float-graph.ts';
import type { GraphBuilder, NodeInfo } from './graph-builder.ts';
import { reduceAxes } from './pooling.ts';
import type { ConstTensor, TensorView } from './tensor.ts';

const scalar = (value: number): ConstTensor => ({ shape: [], data: Float64Array.of(value) });

/**
 * x / √s, with broadcasting, as x times a reciprocal root that is looked up: one product per value. A quotient per value
 * would cost its own bits and twice those of the root, and what it gives would have a far wider proved range.
 */
export function overRoot(builder: GraphBuilder, node: NodeInfo, x: TensorView, s: TensorView): TensorView {
  const of = { name: 'power', exponent: -0.5 } as const;
  return builder.binary(node, 'product', x, builder.activation(node, s, { kind: 'tabulated', of }));
}

/** Σ x² along axes, which keep size 1; or its mean. */
function squaresOver(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  axes: readonly number[],
  kind: 'mean' | 'sum',
): TensorView {
  return reduceAxes(builder, node, builder.binary(node, 'product', x, x), axes, kind);
}

/** x / √(mean(x²) + epsilon) along axes. */
export function overRootMeanSquare(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  axes: readonly number[],
  epsilon: number,
): TensorView {
  const squares = squaresOver(builder, node, x, axes, 'mean');
  return overRoot(builder, node, x, builder.affine(node, squares, undefined, scalar(epsilon)));
}

/** (x − mean) / √(variance + epsilon) along axes. */
export function standardized(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  axes: readonly number[],
  epsilon: number,
): TensorView {
  const centred = builder.add(node, x, reduceAxes(builder, node, x, axes, 'mean'), -1);
  return overRootMeanSquare(builder, node, centred, axes, epsilon);
}

/** x / Σ|x| along axes. A row of zeros stays as it is. */
export function overMagnitudes(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  axes: readonly number[],
): TensorView {
  const sums = reduceAxes(builder, node, magnitudesOf(builder, node, x), axes, 'sum');
  return overMagnitude(builder, node, x, sums);
}

/**
 * x / s for an s that is never negative, and x where s is 0: the divisor is s + [s = 0]. That s is never negative is the
 * caller's to know; the maximum with 0 shows it to what rounds divisors.
 */
export function overMagnitude(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  s: TensorView,
): TensorView {
  const pairs = new Int32Array(2 * s.ids.length).fill(ZERO);
  s.ids.forEach((id, i) => {
    pairs[2 * i] = id;
  });
  const known = { shape: s.shape, ids: builder.max(node, 2, pairs) };
  const zero = builder.constant(node, { shape: [1], data: new Float64Array(1) });
  const isZero = builder.binary(node, 'compare', zero, known);
  return builder.binary(node, 'divide', x, builder.add(node, known, isZero));
}

/** x / √(Σ x²) along axes. A row of zeros stays as it is. */
export function overLength(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  axes: readonly number[],
): TensorView {
  const squares = squaresOver(builder, node, x, axes, 'sum');
  return overRoot(
    builder,
    node,
    x,
    builder.activation(node, squares, { kind: 'clip', min: LEAST_SQUARE, max: Infinity }),
  );
}

/** Has a root whose reciprocal is finite, and is less than the square of any value of use. */
const LEAST_SQUARE = 2 ** -80;

/** |x|, as the larger of x and −x. */
export function magnitudesOf(builder: GraphBuilder, node: NodeInfo, x: TensorView): TensorView {
  const negative = builder.affine(node, x, scalar(-1));
  const pairs = new Int32Array(2 * x.ids.length);
  x.ids.forEach((id, i) => {
    pairs[2 * i] = id;
    pairs[2 * i + 1] = negative.ids[i]!;
  });
  return { shape: x.shape, ids: builder.max(node, 2, pairs) };
}
