import type { IntegerLinear } from '../integer/integer-graph.ts';
import type { Builder } from './builder.ts';
import { instancesOf, sumArguments, wireOfSum, wiring } from './linear-part.ts';
import { wiredParts } from './wired-parts.ts';

/**
 * A linear node whose outputs are on wires: one layer per block. A fused one is built by its requantize node, and one
 * without wires by those that read it.
 */
export const buildLinear: Builder<IntegerLinear> = (name, node, { bounds, fused, forms }) => {
  if (fused.linears.has(node) || forms.isUnwired(node)) return [];
  return wiredParts(node, bounds, forms).map((part, k, parts) => {
    const bias = part.bias.map((sum, i) => sum - bounds.lo[node.first + part.start + i]!);
    return {
      ...wiring(part),
      name: parts.length === 1 ? name : `${name}_${k}`,
      node,
      origin: node.origin,
      outputFirst: node.first + part.start,
      instances: () => instancesOf(part, [sumArguments(part, bias)]),
      outputWires: Array.from(bias, (constant, i) => wireOfSum(part, i, constant)),
    };
  });
};
