import { broadcastShape, broadcastTo } from '../broadcast.ts';
import { permuteConst, permuteView, rearrangeConst, reshapeView } from '../rearrange.ts';
import type { ConstTensor, TensorView } from '../tensor.ts';
import { matmulLeft, matmulRight } from './matmul.ts';
import type { OperatorContext } from './operator.ts';
import type { ViewValue } from './value.ts';

/** alpha · A' · B' + beta · C, one of A and B constant. C may be a constant or an activation. */
export function gemm(context: OperatorContext): ViewValue {
  const { attributes, builder, node } = context;
  const alpha = attributes.float('alpha', 1);
  const beta = attributes.float('beta', 1);
  const [turnA, turnB] = [attributes.int('transA', 0) !== 0, attributes.int('transB', 0) !== 0];
  const [a, b] = [context.input(0), context.input(1)];
  const rank = (value: typeof a) =>
    (value.kind === 'const' ? value.tensor : (value as ViewValue).view).shape.length;
  if (rank(a) !== 2 || rank(b) !== 2) throw context.error('QP2110', 'Gemm takes two matrices');
  let product: TensorView;
  if (b.kind === 'const') {
    const x = turnA ? permuteView(context.view(0), [1, 0]) : context.view(0);
    product = matmulRight(builder, node, x, scaled(turnB ? permuteConst(b.tensor, [1, 0]) : b.tensor, alpha));
  } else {
    const weights = context.constant(0, 'two operands');
    const x = turnB ? permuteView(context.view(1), [1, 0]) : context.view(1);
    product = matmulLeft(builder, node, scaled(turnA ? permuteConst(weights, [1, 0]) : weights, alpha), x);
  }
  return context.viewOf(addSummand(context, product, beta));
}

function addSummand(context: OperatorContext, product: TensorView, beta: number): TensorView {
  const summand = context.inputs[2];
  if (summand === undefined || beta === 0) return product;
  const c = context.input(2);
  if (c.kind === 'view') return context.builder.add(context.node, product, context.view(2), beta);
  const shift = context.constant(2, 'summands');
  const common = broadcastShape(product.shape, shift.shape);
  if (common === undefined || common.some((size, axis) => size !== product.shape[axis])) {
    throw context.misfit(product.shape, shift.shape);
  }
  const spread = rearrangeConst(shift, broadcastTo(shift.shape, product.shape));
  return context.builder.affine(context.node, product, undefined, scaled(spread, beta));
}

/** Matrix product of an activation and a constant, in either order, with NumPy's rules for vectors and batches. */
export function matMul(context: OperatorContext): ViewValue {
  const [a, b] = [context.input(0), context.input(1)];
  if (a.kind === 'view' && b.kind === 'view') {
    throw context.error(
      'QP2101',
      'MatMul of two activations cannot be proved',
      'One operand must be a stored weight',
    );
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

/** A vector operand's extra dimension is taken away again. */
function vectorShape(out: readonly number[], left: readonly number[], right: readonly number[]): number[] {
  const rows = left.length === 1 ? [] : out.slice(-2, -1);
  const columns = right.length === 1 ? [] : out.slice(-1);
  return [...out.slice(0, -2), ...rows, ...columns];
}

function scaled(tensor: ConstTensor, factor: number): ConstTensor {
  return factor === 1 ? tensor : { ...tensor, data: tensor.data.map((value) => value * factor) };
}
