import type { Diagonal } from '../../graph/float-graph.ts';
import { pickAxes, rearrangeView } from '../rearrange.ts';
import { sizeOf } from '../tensor.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { type AxisSpec, type AxisTap, axisTaps, COORDINATES, NEAREST } from './resize-axis.ts';
import { operandShape, rearranged } from './shape-operators.ts';
import type { Value } from './value.ts';

/**
 * Resampling to another size, by the nearest value or by linear interpolation between the two nearest along each axis.
 * Either costs nothing: values are repeated, or added with constant weights.
 */
export const resize: Operator = (context) => {
  const { attributes, opset } = context;
  const old = opset < 11 || context.node.op === 'Upsample';
  const mode = attributes.string('mode', 'nearest');
  const coordinate = old ? 'asymmetric' : attributes.string('coordinate_transformation_mode', 'half_pixel');
  const nearest = old ? 'simple' : attributes.string('nearest_mode', 'round_prefer_floor');
  const extrapolation = attributes.float('extrapolation_value', 0);
  attributes.ignore('cubic_coeff_a', 'exclude_outside');
  if (mode === 'cubic') throw context.unsupported('by cubic interpolation', 'Use nearest or linear');
  if (mode !== 'nearest' && mode !== 'linear' && mode !== 'bilinear')
    throw context.unsupported(`in mode "${mode}"`);
  if (!(coordinate in COORDINATES)) throw context.unsupported(`with coordinates "${coordinate}"`);
  if (!(nearest in NEAREST)) throw context.unsupported(`with nearest_mode "${nearest}"`);
  const axes = axisSpecs(context, old);
  if (attributes.int('antialias', 0) !== 0 && axes.some(({ scale }) => scale < 1)) {
    throw context.unsupported('to a smaller size with antialias', 'Use antialias=False');
  }
  const isNearest = mode === 'nearest';
  const taps = axes.map((axis) => axisTaps(axis, coordinate, isNearest ? nearest : undefined));
  return isNearest ? nearestOf(context, taps, extrapolation) : linearOf(context, taps, extrapolation);
};

function nearestOf(context: OperatorContext, taps: readonly AxisTap[][], fill: number): Value {
  const picks = taps.map((axis) => axis.map(({ low, outside }) => (outside ? -1 : low)));
  return rearranged(context, pickAxes(operandShape(context.input(0)), picks), fill);
}

/** One diagonal for each choice of a lower or higher neighbour along the axes that interpolate. */
function linearOf(context: OperatorContext, taps: readonly AxisTap[][], fill: number): Value {
  const x = context.view(0);
  const blended = taps.flatMap((axis, a) => (axis.some(({ part }) => part > 0) ? [a] : []));
  const diagonals: Diagonal[] = [];
  for (let choice = 0; choice < 2 ** blended.length; choice += 1) {
    const isHigh = (axis: number) => Math.floor(choice / 2 ** blended.indexOf(axis)) % 2 === 1;
    const picks = taps.map((axis, a) =>
      axis.map(({ low, high, part, outside }) => {
        if (blended.includes(a) && isHigh(a)) return outside || part === 0 ? -1 : high;
        return outside ? -1 : low;
      }),
    );
    const { ids: source } = rearrangeView(x, pickAxes(x.shape, picks));
    diagonals.push({ source, weights: products(taps, (axis) => blended.includes(axis) && isHigh(axis)) });
  }
  const shape = taps.map(({ length }) => length);
  const bias = products(taps, () => false).map(() => 0);
  if (fill !== 0) {
    const inside = pickAxes(
      x.shape,
      taps.map((axis) => axis.map(({ outside, low }) => (outside ? -1 : low))),
    );
    for (const [i, place] of inside.index.entries()) if (place < 0) bias[i] = fill;
  }
  return context.viewOf({ shape, ids: context.builder.linear(context.node, { diagonals, bias }) });
}

/** The product of one weight per axis, for every position of the result. */
function products(taps: readonly AxisTap[][], isHigh: (axis: number) => boolean): Float64Array {
  let weights = Float64Array.of(1);
  for (const [a, axis] of taps.entries()) {
    const own = axis.map(({ part }) => (isHigh(a) ? part : 1 - part));
    const next = new Float64Array(weights.length * own.length);
    for (const [i, weight] of weights.entries())
      next.set(
        own.map((part) => weight * part),
        i * own.length,
      );
    weights = next;
  }
  return weights;
}

/** The size and scale of every axis, from scales or sizes, which may be given for some axes only. */
function axisSpecs(context: OperatorContext, old: boolean): AxisSpec[] {
  const { attributes, opset } = context;
  const shape = operandShape(context.input(0));
  const given = opset < 18 ? undefined : attributes.ints('axes');
  const axes = given?.map((axis) => context.axis(axis, shape.length)) ?? shape.map((_, axis) => axis);
  const policy = attributes.string('keep_aspect_ratio_policy', 'stretch');
  const regions = old ? undefined : context.optionalConstant(1, 'regions')?.data;
  const specs: AxisSpec[] = shape.map((size) => ({ size, out: size, scale: 1, region: [0, 1] }));
  const scales = scalesOf(context, old, axes, policy);
  for (const [i, axis] of axes.entries()) {
    const region: [number, number] = [regions?.[i] ?? 0, regions?.[i + axes.length] ?? 1];
    specs[axis] = { size: shape[axis]!, ...scales[i]!, region };
  }
  const out = specs.map((spec) => spec.out);
  if (out.some((size) => !(size >= 1)) || specs.some(({ scale }) => !(scale > 0)))
    throw context.misfit(shape, out);
  context.builder.checkSize(context.node, sizeOf(out));
  return specs;
}

function scalesOf(context: OperatorContext, old: boolean, axes: readonly number[], policy: string) {
  const shape = operandShape(context.input(0));
  const sizes = old ? undefined : context.optionalIntegers(3, 'sizes');
  if (sizes !== undefined && sizes.length > 0) {
    if (sizes.length !== axes.length) throw context.misfit(shape, sizes);
    return fitted(
      context,
      sizes.map((out, i) => ({ out, scale: Math.fround(out / shape[axes[i]!]!) })),
      axes,
      policy,
    );
  }
  const hasAttribute = context.node.op === 'Upsample' && context.opset < 9;
  const scales = hasAttribute
    ? context.attributes.floats('scales')
    : context.constant(old ? 1 : 2, 'scales').data;
  if (scales?.length !== axes.length) throw context.misfit(shape, [...(scales ?? [])]);
  return [...scales].map((scale, i) => ({ scale, out: Math.floor(Math.fround(shape[axes[i]!]! * scale)) }));
}

/** One scale for all axes, so that no size is larger, or none smaller, than the one given. */
function fitted(
  context: OperatorContext,
  specs: readonly { out: number; scale: number }[],
  axes: readonly number[],
  policy: string,
) {
  if (policy === 'stretch') return specs;
  if (policy !== 'not_larger' && policy !== 'not_smaller')
    throw context.unsupported(`with policy "${policy}"`);
  const shape = operandShape(context.input(0));
  const choose = policy === 'not_larger' ? Math.min : Math.max;
  const scale = choose(...specs.map((spec) => spec.scale));
  return axes.map((axis) => ({ scale, out: Math.floor(Math.fround(scale * shape[axis]!) + 0.5) }));
}
