import type { ConstTensor } from '../tensor.ts';
import type { LayerContext, LayerImporter } from './layer.ts';

/** gamma · (x − mean) / √(variance + epsilon) + beta along one axis, as a scale and a shift. */
export const batchNormalization: LayerImporter = (layer) => {
  const x = layer.input();
  const axis = normalizedAxis(layer, x.shape.length);
  const epsilon = layer.config.number('epsilon', 1e-3);
  const count = x.shape[axis]!;
  const mean = layer.weight('moving_mean', [count]).data;
  const variance = layer.weight('moving_variance', [count]).data;
  const gamma = layer.config.boolean('scale', true) ? layer.weight('gamma', [count]).data : undefined;
  const beta = layer.config.boolean('center', true) ? layer.weight('beta', [count]).data : undefined;
  const scale = new Float64Array(count);
  const shift = new Float64Array(count);
  for (let c = 0; c < count; c += 1) {
    if (!(variance[c]! + epsilon > 0))
      throw layer.error('QP2109', 'a variance of BatchNormalization is not positive');
    scale[c] = (gamma?.[c] ?? 1) / Math.sqrt(variance[c]! + epsilon);
    shift[c] = (beta?.[c] ?? 0) - mean[c]! * scale[c]!;
  }
  const shape = x.shape.map((_, k) => (k === axis ? count : 1));
  const along = (data: Float64Array): ConstTensor => ({ shape, data });
  return { view: layer.builder.affine(layer.node, x, along(scale), along(shift)) };
};

/**
 * Only the last axis is supported; Keras writes it as -1, 3 or [3]. For other axes, TensorFlow.js' backends differ from
 * Keras and from each other (the CPU backend repeats the constants along the last axis), so there is no reference.
 */
function normalizedAxis(layer: LayerContext, rank: number): number {
  const [given, ...more] = layer.config.integers('axis', [-1]);
  if (more.length === 0 && (given === -1 || given === rank - 1)) return rank - 1;
  throw layer.unsupported('over an axis before the last', 'Use channels_last');
}

/** scale · x + offset, with scalar scale and offset. */
export const rescaling: LayerImporter = (layer) => {
  const scalar = (value: number): ConstTensor => ({ shape: [], data: Float64Array.of(value) });
  const scale = scalar(layer.config.number('scale', 1));
  const offset = scalar(layer.config.number('offset', 0));
  return { view: layer.builder.affine(layer.node, layer.input(), scale, offset) };
};
