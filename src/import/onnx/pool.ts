import { perItem } from '../batch-items.ts';
import { averagePool, maxPool, reduceAxes } from '../pooling.ts';
import { idRange, type TensorView } from '../tensor.ts';
import type { Operator, OperatorContext } from './operator.ts';
import type { ViewValue } from './value.ts';
import { readWindow } from './window-attributes.ts';

/** Maximum over windows. */
export const maxPoolOperator: Operator = (context) => {
  const x = plane(context);
  context.attributes.ignore('storage_order');
  const window = readWindow(context, x.shape.slice(2));
  return context.viewOf(perItem(x, (item) => maxPool(context.builder, context.node, item, window)));
};

/** Mean over windows. */
export const averagePoolOperator: Operator = (context) => {
  const x = plane(context);
  const countPadding = context.attributes.int('count_include_pad', 0) !== 0;
  const window = readWindow(context, x.shape.slice(2));
  return context.viewOf(
    perItem(x, (item) => averagePool(context.builder, context.node, item, window, countPadding)),
  );
};

/** Mean or maximum over the whole plane of each channel. */
export const globalPool =
  (kind: 'mean' | 'max'): Operator =>
  (context) => {
    const x = context.view(0);
    if (x.shape.length < 3) throw context.misfit(x.shape);
    return context.viewOf(reduceAxes(context.builder, context.node, x, spatialAxes(x), kind));
  };

/** Reduces axes, which keep size 1. */
type Reduction = (context: OperatorContext, x: TensorView, axes: readonly number[]) => TensorView;

/** Mean or sum over axes. @param inputSince the operator set from which the axes are an input, not an attribute */
export const reduce = (kind: 'mean' | 'sum', inputSince: number): Operator =>
  reduceBy((context, x, axes) => reduceAxes(context.builder, context.node, x, axes, kind), inputSince);

/** A reduction over axes. @param inputSince as for `reduce` */
export const reduceBy =
  (reduction: Reduction, inputSince: number): Operator =>
  (context) => {
    const x = context.view(0);
    const { attributes, opset } = context;
    const given = opset < inputSince ? attributes.ints('axes') : context.optionalIntegers(1, 'axes');
    const keep = attributes.int('keepdims', 1) !== 0;
    const isIdentity = opset >= inputSince && attributes.int('noop_with_empty_axes', 0) !== 0;
    if (!given?.length && isIdentity) return context.viewOf(x);
    const axes = given?.length ? context.axes(given, x.shape.length) : [...idRange(0, x.shape.length)];
    return context.viewOf(reduced(context, x, axes, reduction, keep));
  };

function reduced(
  context: OperatorContext,
  x: TensorView,
  axes: readonly number[],
  reduction: Reduction,
  keep: boolean,
): ViewValue['view'] {
  const out = reduction(context, x, axes);
  return keep ? out : { ...out, shape: out.shape.filter((_, axis) => !axes.includes(axis)) };
}

const spatialAxes = (x: TensorView): number[] => [...idRange(2, x.shape.length - 2)];

/** The operand of a pool, [n, channels, …plane]. */
function plane(context: OperatorContext): TensorView {
  const x = context.view(0);
  if (x.shape.length < 3) throw context.misfit(x.shape);
  if (x.shape.length > 5) throw context.unsupported(`over ${x.shape.length - 2} dimensions`);
  return x;
}
