import type { QuietproofError } from '../../errors/quietproof-error.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { LAYERS } from './layers.ts';
import type { LayerSpec, Topology } from './topology.ts';
import { layerWords, refusal } from './words.ts';

/** The refusal of layers that cannot be proved: all of them at once, not only the first. */
export function unknownLayers(builder: GraphBuilder, layers: readonly LayerSpec[]): QuietproofError {
  const first = layers[0]!;
  const { what, fix } = refusal(
    layers.map(({ className }) => className),
    layerWords,
  );
  return builder.error('QP2203', { name: first.name, op: first.className }, what, fix);
}

/** The layers of a model, and of the models in it, that cannot be proved. */
export function unknownIn({ layers }: Topology): LayerSpec[] {
  return [...layers.values()].flatMap(unknownOf);
}

function unknownOf(layer: LayerSpec): LayerSpec[] {
  const { className, model, wrapped } = layer;
  if (model !== undefined) return unknownIn(model);
  if (wrapped !== undefined) return unknownOf(wrapped);
  return className === 'InputLayer' || LAYERS[className] !== undefined ? [] : [layer];
}
