import { dense as applyDense } from '../dense.ts';
import { permuteConst } from '../rearrange.ts';
import { activate } from './activations.ts';
import type { LayerImporter } from './layer.ts';

/** Multiplies the last dimension by a matrix. */
export const dense: LayerImporter = (layer) => {
  const x = layer.input();
  const units = layer.config.size('units');
  const kernel = layer.weight('kernel', [x.shape.at(-1)!, units]);
  const bias = layer.config.boolean('use_bias', true) ? layer.weight('bias', [units]).data : undefined;
  return activate(layer, applyDense(layer.builder, layer.node, x, permuteConst(kernel, [1, 0]), bias));
};
