import { broadcastShape, broadcastTo } from '../broadcast.ts';
import { dense } from '../dense.ts';
import type { GraphBuilder, NodeInfo } from '../graph-builder.ts';
import { permuteConst, permuteView, rearrangeConst, rearrangeView, reshapeView } from '../rearrange.ts';
import { type ConstTensor, idRange, shapeText, sizeOf, type TensorView } from '../tensor.ts';

/**
 * x · weights under NumPy's matmul rules: the last two dimensions are matrices, earlier ones are broadcast.
 * The caller gives operands of rank 1 a second dimension.
 *
 * @param x […, m, k]
 * @param weights […, k, n]
 */
export function matmulRight(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  weights: ConstTensor,
  bias?: Float64Array,
): TensorView {
  const [columns, taps] = [weights.shape.at(-1)!, weights.shape.at(-2)!];
  const batches = broadcastShape(x.shape.slice(0, -2), weights.shape.slice(0, -2));
  if (x.shape.at(-1) !== taps || batches === undefined) {
    const what = `${shapeText(x.shape)} cannot be multiplied by ${shapeText(weights.shape)}`;
    throw builder.error('QP2110', node, what);
  }
  const turned = permuteConst(weights, swapLast(weights.shape.length));
  if (sizeOf(weights.shape) === columns * taps) {
    const out = dense(builder, node, x, { shape: [columns, taps], data: turned.data }, bias);
    return reshapeView(out, [...batches, ...out.shape.slice(-2)]);
  }
  return batched(builder, node, x, turned, batches);
}

/** weights · x, as the transpose of xᵀ · weightsᵀ. @param weights […, m, k] @param x […, k, n] */
export function matmulLeft(
  builder: GraphBuilder,
  node: NodeInfo,
  weights: ConstTensor,
  x: TensorView,
): TensorView {
  const turned = permuteView(x, swapLast(x.shape.length));
  const out = matmulRight(builder, node, turned, permuteConst(weights, swapLast(weights.shape.length)));
  return permuteView(out, swapLast(out.shape.length));
}

/**
 * x · y for two activations: all products, and their sums, which are free.
 *
 * @param x […, m, k]
 * @param y […, k, n]
 */
export function matmulOfTwo(builder: GraphBuilder, node: NodeInfo, x: TensorView, y: TensorView): TensorView {
  const [rows, taps, columns] = [x.shape.at(-2)!, x.shape.at(-1)!, y.shape.at(-1)!];
  const batches = broadcastShape(x.shape.slice(0, -2), y.shape.slice(0, -2));
  if (y.shape.at(-2) !== taps || batches === undefined) {
    const what = `${shapeText(x.shape)} cannot be multiplied by ${shapeText(y.shape)}`;
    throw builder.error('QP2110', node, what);
  }
  const shape = [...batches, rows, columns];
  builder.checkSize(node, sizeOf(shape) * taps);
  const left = rearrangeView(x, broadcastTo(x.shape, [...batches, rows, taps])).ids;
  const right = rearrangeView(y, broadcastTo(y.shape, [...batches, taps, columns])).ids;
  const [a, b] = [new Int32Array(sizeOf(shape) * taps), new Int32Array(sizeOf(shape) * taps)];
  for (let i = 0; i < a.length; i += 1) {
    const [tap, column] = [i % taps, Math.floor(i / taps) % columns];
    const row = Math.floor(i / (taps * columns));
    a[i] = left[row * taps + tap]!;
    b[i] = right[(Math.floor(row / rows) * taps + tap) * columns + column]!;
  }
  const { ids } = builder.binary(
    node,
    'product',
    { shape: [a.length], ids: a },
    { shape: [b.length], ids: b },
  );
  if (taps === 1) return { shape, ids };
  const block = {
    rows: 1,
    positions: sizeOf(shape),
    taps,
    weights: new Float64Array(taps).fill(1),
    gather: ids,
  };
  return { shape, ids: builder.linear(node, { blocks: [block], bias: new Float64Array(sizeOf(shape)) }) };
}

/** Different weights per batch entry: one block each. @param weights […, n, k] */
function batched(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  weights: ConstTensor,
  batches: readonly number[],
): TensorView {
  const [positions, rows, taps] = [x.shape.at(-2)!, weights.shape.at(-2)!, weights.shape.at(-1)!];
  const count = sizeOf(batches);
  builder.checkSize(node, count * (positions + rows) * taps);
  const gather = rearrangeView(x, broadcastTo(x.shape, [...batches, positions, taps])).ids;
  const data = rearrangeConst(weights, broadcastTo(weights.shape, [...batches, rows, taps])).data;
  const blocks = Array.from(idRange(0, count), (b) => ({
    rows,
    positions,
    taps,
    weights: data.subarray(b * rows * taps, (b + 1) * rows * taps),
    gather: gather.subarray(b * positions * taps, (b + 1) * positions * taps),
  }));
  const ids = builder.linear(node, { blocks, bias: new Float64Array(count * rows * positions) });
  return permuteView({ shape: [...batches, rows, positions], ids }, swapLast(batches.length + 2));
}

function swapLast(rank: number): number[] {
  const perm = [...idRange(0, rank)];
  perm.splice(-2, 2, rank - 1, rank - 2);
  return perm;
}
