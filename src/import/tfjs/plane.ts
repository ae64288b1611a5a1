import { permuteView } from '../rearrange.ts';
import type { TensorView } from '../tensor.ts';
import { samePads, type WindowSpec } from '../windows.ts';
import type { LayerContext } from './layer.ts';

/** A layer's input with spatial axes, converted to channels first for the graph builder. */
export interface Plane {
  /** [1, channels, …plane] */
  readonly x: TensorView;
  readonly channels: number;
  /** Converts a result back to the layer's layout. */
  readonly restore: (view: TensorView) => TensorView;
}

/** @param rank number of spatial axes */
export function planeOf(layer: LayerContext, rank: number): Plane {
  const view = layer.input(rank + 2);
  if (layer.config.channelsFirst()) {
    // TensorFlow.js ignores this setting for one spatial axis.
    if (rank === 1) throw layer.unsupported('with channels_first', 'Use channels_last');
    return { x: view, channels: view.shape[1]!, restore: (result) => result };
  }
  const spatial = Array.from({ length: rank }, (_, axis) => axis);
  const toFirst = [0, rank + 1, ...spatial.map((axis) => axis + 1)];
  const toLast = [0, ...spatial.map((axis) => axis + 2), 1];
  const x = permuteView(view, toFirst);
  return { x, channels: x.shape[1]!, restore: (result) => permuteView(result, toLast) };
}

/** Reads `strides`, `padding` and `dilation_rate`. */
export function windowOf(
  layer: LayerContext,
  plane: readonly number[],
  kernel: readonly number[],
  strideDefault: readonly number[],
): WindowSpec {
  const rank = plane.length;
  const ones = new Array<number>(rank).fill(1);
  const strides = layer.config.sizes('strides', rank, strideDefault);
  const dilations = layer.config.sizes('dilation_rate', rank, ones);
  const padding = layer.config.string('padding', 'valid');
  const spec = { kernel, strides, dilations };
  if (padding === 'same') return { ...spec, ...samePads(plane, spec, 'upper') };
  if (padding !== 'valid') throw layer.unsupported(`with ${padding} padding`, 'Use valid or same padding');
  const none = new Array<number>(rank).fill(0);
  return { ...spec, padBegin: none, padEnd: none };
}
