import { broadcastShape, broadcastTo } from '../broadcast.ts';
import { productOver, reduceAxes } from '../pooling.ts';
import { rearrangeConst, rearrangeView } from '../rearrange.ts';
import { logSumExpOver } from '../softmax.ts';
import { type ConstTensor, sizeOf, type TensorView } from '../tensor.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { operandShape } from './shape-operators.ts';

/** The largest of any number of operands, elementwise with broadcasting. */
export const max: Operator = (context) => context.viewOf(largest(context, 1));

/** The smallest: −max(−a, −b, …). */
export const min: Operator = (context) => context.viewOf(largest(context, -1));

/** The sum of any number of operands. */
export const sum: Operator = (context) => context.viewOf(weighted(context, 1));

/** Their mean. */
export const mean: Operator = (context) => context.viewOf(weighted(context, 1 / context.inputs.length));

function commonShape(context: OperatorContext): number[] {
  const shapes = context.inputs.map((_, index) => operandShape(context.input(index)));
  let shape: number[] = [];
  for (const own of shapes) {
    const common = broadcastShape(shape, own);
    if (common === undefined) throw context.misfit(...shapes);
    shape = common;
  }
  context.builder.checkSize(context.node, sizeOf(shape) * shapes.length);
  return shape;
}

interface Operands {
  readonly shape: readonly number[];
  readonly views: readonly TensorView[];
  readonly constants: readonly ConstTensor[];
}

/** The operands, each in the common shape. */
function operandsOf(context: OperatorContext): Operands {
  const shape = commonShape(context);
  const views: TensorView[] = [];
  const constants: ConstTensor[] = [];
  for (const index of context.inputs.keys()) {
    const value = context.input(index);
    if (value.kind === 'view') views.push(rearrangeView(value.view, broadcastTo(value.view.shape, shape)));
    else constants.push(rearrangeConst(value.tensor, broadcastTo(value.tensor.shape, shape)));
  }
  return { shape, views, constants };
}

/** @param sign 1 for the largest, −1 for the smallest */
function largest(context: OperatorContext, sign: 1 | -1): TensorView {
  const { builder, node } = context;
  const { shape, views, constants } = operandsOf(context);
  const bound = constants.reduce<Float64Array | undefined>(
    (before, { data }) => before?.map((value, i) => sign * Math.max(sign * value, sign * data[i]!)) ?? data,
    undefined,
  );
  const best = views.length === 1 ? views[0]! : mostOf(context, views, sign);
  if (bound === undefined) return best;
  if (bound.every((value) => value === bound[0])) {
    const range = sign > 0 ? { min: bound[0]!, max: Infinity } : { min: -Infinity, max: bound[0]! };
    return builder.activation(node, best, range.min === 0 ? { kind: 'relu' } : { kind: 'clip', ...range });
  }
  return mostOf(context, [best, builder.constant(node, { shape, data: bound })], sign);
}

function mostOf({ builder, node }: OperatorContext, views: readonly TensorView[], sign: 1 | -1): TensorView {
  const { shape } = views[0]!;
  const signed = views.map((view) => (sign > 0 ? view : negative(builder, node, view)).ids);
  const taps = signed.length;
  const gather = new Int32Array(taps * sizeOf(shape));
  for (const [tap, ids] of signed.entries()) {
    ids.forEach((id, i) => {
      gather[i * taps + tap] = id;
    });
  }
  const best = { shape, ids: builder.max(node, taps, gather) };
  return sign > 0 ? best : negative(builder, node, best);
}

type Builder = OperatorContext['builder'];

/** −x */
export function negative(builder: Builder, node: OperatorContext['node'], x: TensorView): TensorView {
  return builder.affine(node, x, { shape: [], data: Float64Array.of(-1) });
}

function looked(builder: Builder, node: OperatorContext['node'], x: TensorView, name: 'sqrt' | 'log') {
  return builder.activation(node, x, { kind: 'tabulated', of: { name } });
}

function weighted(context: OperatorContext, factor: number): TensorView {
  const { shape, views, constants } = operandsOf(context);
  const bias = new Float64Array(sizeOf(shape));
  for (const { data } of constants) for (const [i, value] of data.entries()) bias[i]! += factor * value;
  const diagonals = views.map(({ ids }) => ({
    weights: new Float64Array(bias.length).fill(factor),
    source: ids,
  }));
  return { shape, ids: context.builder.linear(context.node, { diagonals, bias }) };
}

/** Over axes: the largest, the smallest, products, norms, and logarithms of sums. */
export const REDUCTIONS = {
  max: (context: OperatorContext, x: TensorView, axes: readonly number[]) =>
    reduceAxes(context.builder, context.node, x, axes, 'max'),

  min: ({ builder, node }: OperatorContext, x: TensorView, axes: readonly number[]) =>
    negative(builder, node, reduceAxes(builder, node, negative(builder, node, x), axes, 'max')),

  l1: (context: OperatorContext, x: TensorView, axes: readonly number[]) => {
    const { builder, node } = context;
    const magnitudes = mostOf(context, [x, negative(builder, node, x)], 1);
    return reduceAxes(builder, node, magnitudes, axes, 'sum');
  },

  product: ({ builder, node }: OperatorContext, x: TensorView, axes: readonly number[]) =>
    productOver(builder, node, x, axes),

  squares: ({ builder, node }: OperatorContext, x: TensorView, axes: readonly number[]) =>
    reduceAxes(builder, node, builder.binary(node, 'product', x, x), axes, 'sum'),

  l2: ({ builder, node }: OperatorContext, x: TensorView, axes: readonly number[]) =>
    looked(
      builder,
      node,
      reduceAxes(builder, node, builder.binary(node, 'product', x, x), axes, 'sum'),
      'sqrt',
    ),

  logSum: ({ builder, node }: OperatorContext, x: TensorView, axes: readonly number[]) =>
    looked(builder, node, reduceAxes(builder, node, x, axes, 'sum'), 'log'),

  logSumExp: ({ builder, node }: OperatorContext, x: TensorView, axes: readonly number[]) =>
    logSumExpOver(builder, node, x, axes),
} as const;
