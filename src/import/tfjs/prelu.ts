import { broadcastTo } from '../broadcast.ts';
import { prelu } from '../prelu.ts';
import { rearrangeConst } from '../rearrange.ts';
import type { LayerImporter } from './layer.ts';

/** `alpha` has a slope for each element, or one along the axes that `shared_axes` lists, counted from 1. */
export const preluLayer: LayerImporter = (layer) => {
  const x = layer.input();
  const shared = layer.config.integers('shared_axes', []);
  const shape = x.shape.slice(1).map((size, axis) => (shared.includes(axis + 1) ? 1 : size));
  const alpha = layer.weight('alpha', shape);
  const slopes = rearrangeConst(alpha, broadcastTo(shape, x.shape)).data;
  return { view: prelu(layer.builder, layer.node, x, slopes) };
};
