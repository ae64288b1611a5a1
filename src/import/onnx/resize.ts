import { pickAxes } from '../rearrange.ts';
import { resample } from '../resample.ts';
import { type AxisSpec, type AxisTap, axisTaps, COORDINATES, type Filter, NEAREST } from '../resize-axis.ts';
import { sizeOf } from '../tensor.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { operandShape, rearranged } from './shape-operators.ts';
import type { Value } from './value.ts';

/**
 * Resampling to another size, by the nearest value or between the nearest along each axis. It costs nothing: values are
 * repeated, or added with constant weights.
 */
export const resize: Operator = (context) => {
  const { attributes, opset } = context;
  const old = opset < 11 || context.node.op === 'Upsample';
  const coordinate = old ? 'asymmetric' : attributes.string('coordinate_transformation_mode', 'half_pixel');
  if (!(coordinate in COORDINATES)) throw context.unsupported(`with coordinates "${coordinate}"`);
  const filter = filterOf(context, old);
  const extrapolation = attributes.float('extrapolation_value', 0);
  const axes = axisSpecs(context, old);
  const isSmaller = axes.some(({ scale }) => scale < 1);
  if (attributes.int('antialias', 0) !== 0 && isSmaller && filter.kind !== 'nearest') {
    throw context.unsupported('to a smaller size with antialias', 'Use antialias=False');
  }
  const taps = axes.map((axis) => axisTaps(axis, coordinate, filter));
  return filter.kind === 'nearest'
    ? nearestOf(context, taps, extrapolation)
    : weightedOf(context, taps, extrapolation);
};

function filterOf(context: OperatorContext, old: boolean): Filter {
  const { attributes } = context;
  const mode = attributes.string('mode', 'nearest');
  const round = old ? 'simple' : attributes.string('nearest_mode', 'round_prefer_floor');
  const a = attributes.float('cubic_coeff_a', -0.75);
  const excludeOutside = attributes.int('exclude_outside', 0) !== 0;
  if (mode === 'linear' || mode === 'bilinear') return { kind: 'linear' };
  if (mode === 'cubic') return { kind: 'cubic', a, excludeOutside };
  if (mode !== 'nearest') throw context.unsupported(`in mode "${mode}"`);
  if (!(round in NEAREST)) throw context.unsupported(`with nearest_mode "${round}"`);
  return { kind: 'nearest', round };
}

function nearestOf(context: OperatorContext, taps: readonly AxisTap[][], fill: number): Value {
  const picks = taps.map((axis) => axis.map(({ places, outside }) => (outside ? -1 : places[0]!)));
  return rearranged(context, pickAxes(operandShape(context.input(0)), picks), fill);
}

/** Values between places, each with its weight. */
function weightedOf(context: OperatorContext, taps: readonly AxisTap[][], fill: number): Value {
  return context.viewOf(resample(context.builder, context.node, context.view(0), taps, fill));
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
