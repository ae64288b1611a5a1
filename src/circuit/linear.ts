import type { IntegerLinear } from '../integer/integer-graph.ts';
import type { Builder } from './builder.ts';
import { foldBases, instancesOf, isMerged, partsOf, sumArguments, wiring } from './linear-part.ts';

/** A linear node whose outputs are on wires: one layer per block. A fused one is built by its requantize node. */
export const buildLinear: Builder<IntegerLinear> = (name, node, { bounds, fused }) => {
  if (fused.linears.has(node)) return [];
  return partsOf(node).map((part, k, parts) => {
    const bias = foldBases(part, bounds).map((sum, i) => sum - bounds.lo[node.first + part.start + i]!);
    return {
      ...wiring(part),
      name: parts.length === 1 ? name : `${name}_${k}`,
      node,
      origin: node.origin,
      outputFirst: node.first + part.start,
      instances: () => instancesOf(part, [sumArguments(part, bias)]),
      outputRows: bias.reduce((sum, constant, i) => sum + (isMerged(part, i, constant) ? 0 : 1), 0),
    };
  });
};
