import { averagePool, maxPool, reduceAxes } from '../pooling.ts';
import { reshapeView } from '../rearrange.ts';
import type { LayerImporter } from './layer.ts';
import { planeOf, windowOf } from './plane.ts';

/** Padding is ignored by mean and maximum. @param rank number of spatial axes */
export function pool(rank: number, kind: 'max' | 'mean'): LayerImporter {
  return (layer) => {
    const { x, restore } = planeOf(layer, rank);
    const size = layer.config.sizes('pool_size', rank, new Array<number>(rank).fill(2));
    const window = windowOf(layer, x.shape.slice(2), size, size);
    const { builder, node } = layer;
    return {
      view: restore(
        kind === 'max' ? maxPool(builder, node, x, window) : averagePool(builder, node, x, window, false),
      ),
    };
  };
}

export function globalPool(rank: number, kind: 'max' | 'mean'): LayerImporter {
  return (layer) => {
    const { x, channels } = planeOf(layer, rank);
    // TensorFlow.js ignores this setting and drops the axes.
    if (layer.config.boolean('keepdims', false))
      throw layer.unsupported('with keepdims', 'Add a Reshape layer');
    const axes = x.shape.map((_, axis) => axis).slice(2);
    const y = reduceAxes(layer.builder, layer.node, x, axes, kind);
    return { view: reshapeView(y, [x.shape[0]!, channels]) };
  };
}
