import { convolution } from '../convolution.ts';
import { permuteConst } from '../rearrange.ts';
import type { ConstTensor, TensorView } from '../tensor.ts';
import { transposedConvolution } from '../transposed-convolution.ts';
import { samePads, type WindowSpec } from '../windows.ts';
import { activate } from './activations.ts';
import type { LayerContext, LayerImporter } from './layer.ts';
import { planeOf, windowOf } from './plane.ts';

/** Conv1D, Conv2D and Conv3D: `kernel` is [...size, channels, filters]. */
export function conv(rank: number): LayerImporter {
  return (layer) => {
    const { x, channels, restore } = planeOf(layer, rank);
    const size = layer.config.sizes('kernel_size', rank);
    const filters = layer.config.size('filters');
    refuseGroups(layer);
    const kernel = layer.weight('kernel', [...size, channels, filters]);
    const spatial = size.map((_, axis) => axis);
    const weights = permuteConst(kernel, [rank + 1, rank, ...spatial]);
    const window = windowOf(layer, x.shape.slice(2), size, ones(rank));
    const bias = biasOf(layer, filters);
    return activate(
      layer,
      restore(convolution(layer.builder, layer.node, x, weights, bias, { window, groups: 1 })),
    );
  };
}

export const depthwiseConv2D: LayerImporter = (layer) => {
  const { x, channels, restore } = planeOf(layer, 2);
  const { weights, window } = depthwise(layer, x, channels);
  const bias = biasOf(layer, weights.shape[0]!);
  return activate(
    layer,
    restore(convolution(layer.builder, layer.node, x, weights, bias, { window, groups: channels })),
  );
};

/** A depthwise convolution followed directly by a pointwise one. */
export const separableConv2D: LayerImporter = (layer) => {
  const { x, channels, restore } = planeOf(layer, 2);
  const filters = layer.config.size('filters');
  const { weights, window } = depthwise(layer, x, channels);
  const inner = { name: `${layer.node.name}/depthwise`, op: layer.node.op };
  const mixed = convolution(layer.builder, inner, x, weights, undefined, { window, groups: channels });
  const kernel = layer.weight('pointwise_kernel', [1, 1, mixed.shape[1]!, filters]);
  const pointwise = permuteConst(kernel, [3, 2, 0, 1]);
  const bias = biasOf(layer, filters);
  const y = convolution(layer.builder, layer.node, mixed, pointwise, bias, { window: POINTWISE, groups: 1 });
  return activate(layer, restore(y));
};

/** Conv2DTranspose and Conv3DTranspose: `kernel` is [...size, filters, channels]. */
export function transposedConv(rank: number): LayerImporter {
  return (layer) => {
    const { x, channels, restore } = planeOf(layer, rank);
    const size = layer.config.sizes('kernel_size', rank);
    const filters = layer.config.size('filters');
    refuseGroups(layer);
    // TensorFlow.js reads neither of the two.
    if (layer.config.any('output_padding') != null) throw layer.unsupported('with output_padding');
    const dilations = layer.config.sizes('dilation_rate', rank, ones(rank));
    if (dilations.some((step) => step !== 1)) throw layer.unsupported('with dilation_rate');
    const kernel = layer.weight('kernel', [...size, filters, channels]);
    const weights = permuteConst(kernel, [rank + 1, rank, ...size.map((_, axis) => axis)]);
    const strides = layer.config.sizes('strides', rank, ones(rank));
    const same = layer.config.string('padding', 'valid') === 'same';
    const plane = x.shape.slice(2).map((dim, axis) => {
      return dim * strides[axis]! + (same ? 0 : Math.max(size[axis]! - strides[axis]!, 0));
    });
    const spec = { kernel: size, strides, dilations };
    const none = { padBegin: ones(rank).fill(0), padEnd: ones(rank).fill(0) };
    const window = { ...spec, ...(same ? samePads(plane, spec, 'upper') : none) };
    const { builder, node } = layer;
    const bias = biasOf(layer, filters);
    const y = transposedConvolution(builder, node, x, weights, bias, plane, { window, groups: 1 });
    return activate(layer, restore(y));
  };
}

/** TensorFlow.js ignores this setting. Keras 2 writes it as 1, for depthwise convolutions too. */
function refuseGroups(layer: LayerContext): void {
  if (layer.config.number('groups', 1) !== 1) throw layer.unsupported('with groups', 'Use DepthwiseConv2D');
}

const POINTWISE: WindowSpec = {
  kernel: [1, 1],
  strides: [1, 1],
  dilations: [1, 1],
  padBegin: [0, 0],
  padEnd: [0, 0],
};

/** `depthwise_kernel` is [height, width, channels, multiplier]; output c · multiplier + m reads channel c. */
function depthwise(layer: LayerContext, x: TensorView, channels: number) {
  const size = layer.config.sizes('kernel_size', 2);
  const multiplier = layer.config.number('depth_multiplier', 1);
  refuseGroups(layer);
  const kernel = layer.weight('depthwise_kernel', [...size, channels, multiplier]);
  const { data } = permuteConst(kernel, [2, 3, 0, 1]);
  const weights: ConstTensor = { shape: [channels * multiplier, 1, ...size], data };
  return { weights, window: windowOf(layer, x.shape.slice(2), size, ones(2)) };
}

function biasOf(layer: LayerContext, filters: number): Float64Array | undefined {
  return layer.config.boolean('use_bias', true) ? layer.weight('bias', [filters]).data : undefined;
}

const ones = (rank: number): number[] => new Array<number>(rank).fill(1);
