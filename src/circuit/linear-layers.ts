import type { Bounds } from '../integer/bounds.ts';
import type { IntegerLinear } from '../integer/integer-graph.ts';
import type { Layer } from './layer.ts';
import { foldBases, instancesOf, isMerged, partsOf, sumArguments, wiring } from './linear-part.ts';

/** A linear node whose outputs are wires of their own: a layer a block. */
export function linearLayers(name: string, node: IntegerLinear, bounds: Bounds): Layer[] {
  return partsOf(node).map((part, k, parts) => {
    const bias = foldBases(part, bounds).map((sum, i) => sum - bounds.lo[node.first + part.start + i]!);
    return {
      ...wiring(part),
      name: parts.length === 1 ? name : `${name}_${k}`,
      node: node.name,
      origin: node.origin,
      template: 'Linear',
      outputFirst: node.first + part.start,
      instances: () => instancesOf(part, [sumArguments(part, bias)]),
      signals: () => [],
      cost: bias.reduce((sum, constant, i) => sum + (isMerged(part, i, constant) ? 0 : 1), 0),
    };
  });
}
