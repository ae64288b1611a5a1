import { broadcastShape, broadcastTo } from '../broadcast.ts';
import { permuteConst, permuteView, rearrangeConst, reshapeView } from '../rearrange.ts';
import { type ConstTensor, sizeOf, type TensorView } from '../tensor.ts';
import { matmulLeft, matmulOfTwo, matmulRight } from './matmul.ts';
import type { OperatorContext } from './operator.ts';
import { operandShape } from './shape-operators.ts';
import type { ViewValue } from './value.ts';

/** alpha · A' · B' + beta · C; each may be a constant or an activation. */
export function gemm(context: OperatorContext): ViewValue {
  const { attributes, builder, node } = context;
  const alpha = attributes.float('alpha', 1);
  const beta = attributes.float('beta', 1);
  const transposeA = attributes.int('transA', 0) !== 0;
  const transposeB = attributes.int('transB', 0) !== 0;
  const [a, b] = [context.input(0), context.input(1)];
  if (operandShape(a).length !== 2 || operandShape(b).length !== 2) {
    throw context.misfit(operandShape(a), operandShape(b));
  }
  if (b.kind === 'const') {
    const x = maybeTransposed(context.view(0), transposeA);
    const weights = scaled(transposeB ? permuteConst(b.tensor, [1, 0]) : b.tensor, alpha);
    const bias = columnBias(context, weights.shape[1]!, beta);
    const product = matmulRight(builder, node, x, weights, bias);
    return context.viewOf(bias === undefined ? addSummand(context, product, beta) : product);
  }
  if (a.kind === 'view') {
    const [x, y] = [
      maybeTransposed(context.view(0), transposeA),
      maybeTransposed(context.view(1), transposeB),
    ];
    const product = matmulOfTwo(builder, node, x, y);
    const scale = { shape: [], data: Float64Array.of(alpha) };
    return context.viewOf(addSummand(context, builder.affine(node, product, scale), beta));
  }
  const stored = scaled(a.tensor, alpha);
  const weights = transposeA ? permuteConst(stored, [1, 0]) : stored;
  const product = matmulLeft(builder, node, weights, maybeTransposed(context.view(1), transposeB));
  return context.viewOf(addSummand(context, product, beta));
}

/** beta · C as a bias per column; undefined unless C is constant and the same for every row. */
function columnBias(context: OperatorContext, columns: number, beta: number): Float64Array | undefined {
  if (context.inputs[2] === undefined) return undefined;
  const c = context.input(2);
  if (c.kind !== 'const' || c.tensor.data.length !== sizeOf(c.tensor.shape.slice(-1))) return undefined;
  const { shape } = c.tensor;
  if (shape.length > 2 || (shape.at(-1) ?? 1) !== (shape.at(-1) === 1 ? 1 : columns)) return undefined;
  return scaled(rearrangeConst(c.tensor, broadcastTo(shape, [1, columns])), beta).data;
}

function addSummand(context: OperatorContext, product: TensorView, beta: number): TensorView {
  if (context.inputs[2] === undefined || beta === 0) return product;
  const c = context.input(2);
  const shape = operandShape(c);
  const common = broadcastShape(product.shape, shape);
  if (common === undefined || common.some((size, axis) => size !== product.shape[axis])) {
    throw context.misfit(product.shape, shape);
  }
  if (c.kind === 'view') return context.builder.add(context.node, product, context.view(2), beta);
  return context.builder.affine(
    context.node,
    product,
    undefined,
    scaled(context.constant(2, 'summands'), beta),
  );
}

function maybeTransposed(x: TensorView, isTransposed: boolean): TensorView {
  return isTransposed ? permuteView(x, [1, 0]) : x;
}

/** Matrix product with NumPy's rules for vectors and batches. */
export function matMul(context: OperatorContext): ViewValue {
  const [a, b] = [context.input(0), context.input(1)];
  if (a.kind === 'view' && b.kind === 'view') {
    const [x, y] = [context.view(0), context.view(1)];
    const column = y.shape.length === 1 ? reshapeView(y, [...y.shape, 1]) : y;
    const out = matmulOfTwo(context.builder, context.node, asRow(x), column);
    return context.viewOf(reshapeView(out, vectorShape(out.shape, x.shape, y.shape)));
  }
  const { builder, node } = context;
  if (b.kind === 'const') {
    const [x, weights] = [context.view(0), b.tensor];
    const out = matmulRight(builder, node, asRow(x), asColumn(weights));
    return context.viewOf(reshapeView(out, vectorShape(out.shape, x.shape, weights.shape)));
  }
  const [weights, x] = [context.constant(0, 'operands'), context.view(1)];
  const left = weights.shape.length === 1 ? { ...weights, shape: [1, ...weights.shape] } : weights;
  const right = x.shape.length === 1 ? reshapeView(x, [...x.shape, 1]) : x;
  const out = matmulLeft(builder, node, left, right);
  return context.viewOf(reshapeView(out, vectorShape(out.shape, weights.shape, x.shape)));
}

const asRow = (x: TensorView): TensorView => (x.shape.length === 1 ? reshapeView(x, [1, ...x.shape]) : x);

function asColumn(weights: ConstTensor): ConstTensor {
  return weights.shape.length === 1 ? { ...weights, shape: [...weights.shape, 1] } : weights;
}

/** Removes the dimension that a vector operand was given for the product. */
function vectorShape(out: readonly number[], left: readonly number[], right: readonly number[]): number[] {
  const rows = left.length === 1 ? [] : out.slice(-2, -1);
  const columns = right.length === 1 ? [] : out.slice(-1);
  return [...out.slice(0, -2), ...rows, ...columns];
}

function scaled(tensor: ConstTensor, factor: number): ConstTensor {
  return factor === 1 ? tensor : { ...tensor, data: tensor.data.map((value) => value * factor) };
}
