import type { QuietproofError } from '../../errors/quietproof-error.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { hintFor, LAYERS } from './layers.ts';
import type { LayerSpec, Topology } from './topology.ts';

/** The refusal of layers that cannot be proved: all of them at once, not only the first. */
export function unknownLayers(builder: GraphBuilder, layers: readonly LayerSpec[]): QuietproofError {
  const first = layers[0]!;
  const others = new Set(layers.map((layer) => layer.className));
  others.delete(first.className);
  const more = others.size === 0 ? '' : `, nor can ${[...others].join(', ')}`;
  const node = { name: first.name, op: first.className };
  const what = `${first.className} cannot be proved${more}`;
  return builder.error('QP2203', node, what, hintFor(first.className));
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
