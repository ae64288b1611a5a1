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
import { matmulRight } from './matmul.ts';
import type { OperatorContext } from './operator.ts';
import { operandShape } from './shape-operators.ts';
import type { ViewValue } from './value.ts';

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
  let whole = diagonalOf(context, context.view(first), operands[first]!);
  for (const [k, index] of others.entries()) {
    const kept =
      result +
      others
        .slice(k + 1)
        .map((later) => operands[later])
        .join('');
    const value = values[index]!;
    if (value.kind !== 'const') {
      const fix = 'One operand must be a constant';
      throw context.error('QP2101', 'Einsum of two activations cannot be proved', fix);
    }
    whole = product(context, whole, constantDiagonal(context, value.tensor, operands[index]!), kept);
  }
  return context.viewOf(ordered(context, whole.x, whole.labels, result));
}

interface Labelled {
  readonly labels: string;
  readonly x: TensorView;
}

interface LabelledConst {
  readonly labels: string;
  readonly tensor: ConstTensor;
}

/** Keeps the diagonal of axes with the same label. */
function diagonalOf(context: OperatorContext, x: TensorView, labels: string): Labelled {
  const pick = diagonal(context, x.shape, labels);
  return pick === undefined ? { labels, x } : { labels: pick.labels, x: rearrangeView(x, pick) };
}

function constantDiagonal(context: OperatorContext, tensor: ConstTensor, labels: string): LabelledConst {
  const pick = diagonal(context, tensor.shape, labels);
  return pick === undefined
    ? { labels, tensor }
    : { labels: pick.labels, tensor: rearrangeConst(tensor, pick) };
}

function diagonal(
  context: OperatorContext,
  shape: readonly number[],
  labels: string,
): (Rearrangement & { labels: string }) | undefined {
  const own = [...new Set(labels)];
  if (own.length === labels.length) return undefined;
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
  return { shape: sizes, index, labels: own.join('') };
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

/** Labels of both operands that are kept are a batch; the others are summed over. */
function product(context: OperatorContext, a: Labelled, b: LabelledConst, kept: string): Labelled {
  const shared = [...a.labels].filter((label) => b.labels.includes(label));
  for (const label of shared) {
    const [left, right] = [sizeIn(a.labels, a.x.shape, label), sizeIn(b.labels, b.tensor.shape, label)];
    if (left !== right) throw context.misfit(a.x.shape, b.tensor.shape);
  }
  const batch = shared.filter((label) => kept.includes(label));
  const summed = shared.filter((label) => !kept.includes(label));
  const rows = [...a.labels].filter((label) => !shared.includes(label));
  const columns = [...b.labels].filter((label) => !shared.includes(label));
  const sizesA = (labels: readonly string[]) => labels.map((label) => sizeIn(a.labels, a.x.shape, label));
  const sizesB = (labels: readonly string[]) =>
    labels.map((label) => sizeIn(b.labels, b.tensor.shape, label));
  const left = permuteView(
    a.x,
    [...batch, ...rows, ...summed].map((label) => a.labels.indexOf(label)),
  );
  const order = [...batch, ...summed, ...columns].map((label) => b.labels.indexOf(label));
  const right = permuteConst(b.tensor, order);
  const batches = sizesA(batch);
  const taps = sizeOf(sizesA(summed));
  const out = matmulRight(
    context.builder,
    context.node,
    reshapeView(left, [...batches, sizeOf(sizesA(rows)), taps]),
    { ...right, shape: [...batches, taps, sizeOf(sizesB(columns))] },
  );
  const shape = [...batches, ...sizesA(rows), ...sizesB(columns)];
  return { labels: [...batch, ...rows, ...columns].join(''), x: reshapeView(out, shape) };
}

const sizeIn = (labels: string, shape: readonly number[], label: string): number =>
  shape[labels.indexOf(label)]!;
