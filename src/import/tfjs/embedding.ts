import { embedding } from '../embedding.ts';
import type { LayerImporter } from './layer.ts';

/** Rows of a table, by an index of the input. */
export const embeddingLayer: LayerImporter = (layer) => {
  const rows = layer.config.size('input_dim');
  const width = layer.config.size('output_dim');
  layer.config.ignore('input_length');
  const table = layer.weight('embeddings', [rows, width]);
  return { view: embedding(layer.builder, layer.node, layer.input(), table) };
};
