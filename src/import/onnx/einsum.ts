import { reduceAxes } from '../pooling.ts';
import {
  permuteConst,
  permuteView,
  type Rearrangement,
  rearrangeConst,
  rearrangeView,
  reshapeView,
} from '../rearrange.ts';
import { type ConstTensor, sizeOf, stridesOf, type TensorView } from '../tensor.ts';
import { parseEquation } from './einsum-equation.ts';
import { matmulOfTwo, matmulRight } from './matmul.ts';
import type { OperatorContext } from './operator.ts';
import { operandShape } from './shape-operators.ts';
import type { Value, ViewValue } from './value.ts';

/**
 * A sum of products over named axes: rearranged matrix products, one after the other, beginning with an activation. Labels
 * that neither the result nor a later operand has are summed over at once.
 */
export function einsum(context: OperatorContext): ViewValue {
  const values = context.inputs.map((_, index) => context.input(index));
  const shapes = values.map(operandShape);
  const text = context.attributes.string('equation', '');
  const equation = parseEquation(
    text,
    shapes.map(({ length }) => length),
  );
  if (equation === undefined)
    throw context.error('QP2110', `the equation "${text}" does not fit its operands`);
  const { operands, result } = equation;
  const first = values.findIndex(({ kind }) => kind === 'view');
  const others = [...values.keys()].filter((index) => index !== first);
  let whole = onDiagonals(context, context.view(first), operands[first]!, rearrangeView);
  for (const [k, index] of others.entries()) {
    const kept =
      result +
      others
        .slice(k + 1)
        .map((later) => operands[later])
        .join('');
    whole = product(context, whole, values[index]!, operands[index]!, kept);
  }
  return context.viewOf(ordered(context, whole.operand, whole.labels, result));
}

/** An operand with one label for each axis. */
interface Labelled<T> {
  readonly labels: string;
  readonly operand: T;
}

/** Keeps the diagonal of axes with the same label. */
function onDiagonals<T extends TensorView | ConstTensor>(
  context: OperatorContext,
  operand: T,
  labels: string,
  rearrange: (operand: T, rearrangement: Rearrangement) => T,
): Labelled<T> {
  const { shape } = operand;
  const own = [...new Set(labels)];
  if (own.length === labels.length) return { labels, operand };
  const strides = stridesOf(shape);
  const sizes = own.map((label) => shape[labels.indexOf(label)]!);
  const steps = own.map((label) => {
    const axes = [...labels].flatMap((one, axis) => (one === label ? [axis] : []));
    if (axes.some((axis) => shape[axis] !== shape[axes[0]!])) throw context.misfit(shape);
    return axes.reduce((sum, axis) => sum + strides[axis]!, 0);
  });
  const walk = stridesOf(sizes);
  const index = Int32Array.from({ length: sizeOf(sizes) }, (_, at) =>
    own.reduce((place, _label, k) => place + (Math.floor(at / walk[k]!) % sizes[k]!) * steps[k]!, 0),
  );
  return { labels: own.join(''), operand: rearrange(operand, { shape: sizes, index }) };
}

/** Sums over the axes that the result does not have, and puts the others in its order. */
function ordered(context: OperatorContext, x: TensorView, labels: string, result: string): TensorView {
  const gone = [...labels].flatMap((label, axis) => (result.includes(label) ? [] : [axis]));
  const summed = gone.length === 0 ? x : reduceAxes(context.builder, context.node, x, gone, 'sum');
  const kept = [...labels].filter((label) => result.includes(label));
  const shape = summed.shape.filter((_, axis) => !gone.includes(axis));
  return permuteView(
    reshapeView(summed, shape),
    [...result].map((label) => kept.indexOf(label)),
  );
}

/** The next operand times what there is so far, as a product of matrices. */
function product(
  context: OperatorContext,
  a: Labelled<TensorView>,
  value: Value,
  labels: string,
  kept: string,
): Labelled<TensorView> {
  const { builder, node } = context;
  if (value.kind === 'const') {
    const b = onDiagonals(context, value.tensor, labels, rearrangeConst);
    const plan = planProduct(context, a, b, kept);
    const right = { ...permuteConst(b.operand, plan.orderB), shape: plan.shapeB };
    return plan.finish(matmulRight(builder, node, plan.left, right));
  }
  if (value.kind !== 'view') throw context.misfit(operandShape(value));
  const b = onDiagonals(context, value.view, labels, rearrangeView);
  const plan = planProduct(context, a, b, kept);
  const right = reshapeView(permuteView(b.operand, plan.orderB), plan.shapeB);
  return plan.finish(matmulOfTwo(builder, node, plan.left, right));
}

/** Labels of both operands that are kept are a batch; the others of both are summed over. */
function planProduct(
  context: OperatorContext,
  a: Labelled<TensorView>,
  b: Labelled<TensorView | ConstTensor>,
  kept: string,
) {
  const size = ({ labels, operand }: Labelled<{ shape: readonly number[] }>, label: string) =>
    operand.shape[labels.indexOf(label)]!;
  const shared = [...a.labels].filter((label) => b.labels.includes(label));
  if (shared.some((label) => size(a, label) !== size(b, label))) {
    throw context.misfit(a.operand.shape, b.operand.shape);
  }
  const batch = shared.filter((label) => kept.includes(label));
  const summed = shared.filter((label) => !kept.includes(label));
  const rows = [...a.labels].filter((label) => !shared.includes(label));
  const columns = [...b.labels].filter((label) => !shared.includes(label));
  const sizesA = (labels: readonly string[]) => labels.map((label) => size(a, label));
  const sizesB = columns.map((label) => size(b, label));
  const [batches, taps] = [sizesA(batch), sizeOf(sizesA(summed))];
  const orderA = [...batch, ...rows, ...summed].map((label) => a.labels.indexOf(label));
  const shape = [...batches, ...sizesA(rows), ...sizesB];
  return {
    left: reshapeView(permuteView(a.operand, orderA), [...batches, sizeOf(sizesA(rows)), taps]),
    orderB: [...batch, ...summed, ...columns].map((label) => b.labels.indexOf(label)),
    shapeB: [...batches, taps, sizeOf(sizesB)],
    finish: (out: TensorView): Labelled<TensorView> => ({
      labels: [...batch, ...rows, ...columns].join(''),
      operand: reshapeView(out, shape),
    }),
  };
}
