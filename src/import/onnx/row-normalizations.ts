import { reshapeView } from '../rearrange.ts';
import { overLength, overMagnitudes, overRootMeanSquare, standardized } from '../row-norms.ts';
import { type ConstTensor, idRange, type TensorView } from '../tensor.ts';
import type { Operator, OperatorContext } from './operator.ts';

/** The axes from one on. */
const axesFrom = (axis: number, rank: number): number[] => Array.from(idRange(axis, rank - axis));

const epsilonOf = (context: OperatorContext): number =>
  context.attributes.float('epsilon', Math.fround(1e-5));

/** scale · x + bias */
function scaled(
  context: OperatorContext,
  x: TensorView,
  scale?: ConstTensor,
  bias?: ConstTensor,
): TensorView {
  const result = context.builder.affine(context.node, x, scale, bias);
  if (String(result.shape) !== String(x.shape))
    throw context.misfit(x.shape, scale?.shape ?? [], bias?.shape ?? []);
  return result;
}

/** One value per channel of x. */
function perChannel(context: OperatorContext, index: number, x: TensorView): ConstTensor {
  const tensor = context.constant(index, index === 1 ? 'scales' : 'biases');
  if (tensor.data.length !== x.shape[1]) throw context.misfit(x.shape, tensor.shape);
  return { shape: [tensor.data.length, ...x.shape.slice(2).map(() => 1)], data: tensor.data };
}

/** Over the axes from `axis` on: minus the mean, over the standard deviation. */
const layer: Operator = (context) => {
  const { builder, node, attributes } = context;
  attributes.ignore('stash_type');
  const x = context.view(0);
  const axis = context.axis(attributes.int('axis', -1), x.shape.length);
  const result = standardized(builder, node, x, axesFrom(axis, x.shape.length), epsilonOf(context));
  return context.viewOf(
    scaled(context, result, context.constant(1, 'scales'), context.optionalConstant(2, 'biases')),
  );
};

/** Over the axes from `axis` on: over the root of the mean square. */
const rootMeanSquare: Operator = (context) => {
  const { builder, node, attributes } = context;
  attributes.ignore('stash_type');
  const x = context.view(0);
  const axis = context.axis(attributes.int('axis', -1), x.shape.length);
  const result = overRootMeanSquare(builder, node, x, axesFrom(axis, x.shape.length), epsilonOf(context));
  return context.viewOf(scaled(context, result, context.constant(1, 'scales')));
};

/** Over the places of each channel. */
const instance: Operator = (context) => {
  const { builder, node } = context;
  const x = context.view(0);
  if (x.shape.length < 3) throw context.misfit(x.shape);
  const result = standardized(builder, node, x, axesFrom(2, x.shape.length), epsilonOf(context));
  return context.viewOf(scaled(context, result, perChannel(context, 1, x), perChannel(context, 2, x)));
};

/** Over the channels of each group, and their places. Before operator set 21, a group has one scale and bias. */
const group: Operator = (context) => {
  const { builder, node, attributes, opset } = context;
  attributes.ignore('stash_type');
  const x = context.view(0);
  const groups = attributes.int('num_groups', 0);
  const [rows = 0, channels = 0] = x.shape;
  if (!(groups >= 1) || channels % groups !== 0)
    throw context.error('QP2110', `${channels} channels cannot be ${groups} groups`);
  const parts = reshapeView(x, [rows, groups, x.ids.length / rows / groups]);
  const result = standardized(builder, node, parts, [2], epsilonOf(context));
  if (opset < 21) {
    const own = scaled(context, result, perChannel(context, 1, parts), perChannel(context, 2, parts));
    return context.viewOf(reshapeView(own, x.shape));
  }
  const whole = reshapeView(result, x.shape);
  return context.viewOf(scaled(context, whole, perChannel(context, 1, x), perChannel(context, 2, x)));
};

/** x over its norm along an axis; zeros stay zeros. */
const norm: Operator = (context) => {
  const { builder, node, attributes } = context;
  const x = context.view(0);
  const axis = context.axis(attributes.int('axis', -1), x.shape.length);
  const power = attributes.int('p', 2);
  if (power === 1) return context.viewOf(overMagnitudes(builder, node, x, [axis]));
  if (power !== 2) throw context.unsupported(`with p = ${power}`);
  return context.viewOf(overLength(builder, node, x, [axis]));
};

/** Normalizations by what the row itself has. */
export const ROW_NORMALIZATIONS: Readonly<Record<string, Operator>> = {
  LayerNormalization: layer,
  RMSNormalization: rootMeanSquare,
  InstanceNormalization: instance,
  GroupNormalization: group,
  LpNormalization: norm,
};
