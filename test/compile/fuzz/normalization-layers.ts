import { sizeOf } from '../../../src/import/tensor.ts';
import type { Layer } from './layers.ts';
import type { ModelMaker } from './model-maker.ts';

/** Values that a normalization is over: many would make a model that takes long to quantize. */
const MOST = 64;

/** Of a size that variances of rows have: near 0, rounding decides what a normalization gives. */
const epsilonOf = (maker: ModelMaker): number => maker.choices.pick([0.1, 0.5]);

const scale = (maker: ModelMaker, shape: readonly number[]): string =>
  maker.floats(
    maker.values(shape, 0.5).map((value) => value + 1),
    shape,
  );

/** Over the last axis, by its mean and variance or by its mean square alone. */
const ofRow: Layer = (maker, x) => {
  const { choices, opset } = maker;
  const last = x.shape.slice(-1);
  if (opset < 17 || last[0]! < 2 || sizeOf(x.shape) > MOST) return undefined;
  const attributes = { axis: -1, epsilon: epsilonOf(maker) };
  if (opset >= 23 && choices.once(2))
    return maker.node('RMSNormalization', [x.name, scale(maker, last)], x.shape, attributes);
  const bias = choices.once(2) ? [maker.random(last)] : [];
  return maker.node('LayerNormalization', [x.name, scale(maker, last), ...bias], x.shape, attributes);
};

/** Over the plane of each channel, or of each group of channels. */
const ofChannels: Layer = (maker, x) => {
  const channels = x.shape[1]!;
  if (x.shape.length < 3 || sizeOf(x.shape.slice(2)) < 2 || sizeOf(x.shape) > MOST) return undefined;
  const inputs = [x.name, scale(maker, [channels]), maker.random([channels])];
  const epsilon = epsilonOf(maker);
  if (maker.opset < 21 || maker.choices.once(2))
    return maker.node('InstanceNormalization', inputs, x.shape, { epsilon });
  const groups = maker.choices.pick([1, channels]);
  return maker.node('GroupNormalization', inputs, x.shape, { epsilon, num_groups: groups });
};

/** Over the norm of the row's probabilities plus a quarter, which is not near 0. */
const overNorm: Layer = (maker, x) => {
  if (x.shape.at(-1)! < 2 || sizeOf(x.shape) > MOST) return undefined;
  const probability = maker.node('Sigmoid', [x.name], x.shape);
  const operand = maker.node('Add', [probability.name, maker.floats([0.25], [])], x.shape);
  return maker.node('LpNormalization', [operand.name], x.shape, { axis: -1, p: maker.choices.pick([1, 2]) });
};

/** Normalizations by what a row itself has. */
export const NORMALIZATION_LAYERS: readonly Layer[] = [ofRow, ofChannels, overNorm];
