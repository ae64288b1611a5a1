import type { Bounds } from '../integer/bounds.ts';
import { bitLength, rangeOf } from '../integer/bounds.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { primitiveOf } from '../integer/primitives.ts';
import type { BoundsTable } from './artifact-manifest.ts';

/** The proved ranges, one entry per layer. */
export function boundsTable(graph: IntegerGraph, bounds: Bounds): BoundsTable {
  const input = rangeOf(bounds, 0, graph.input.count);
  return {
    version: 'quietproof/bounds/v1',
    layers: [
      { layer: graph.input.name, op: 'input', ...input, bits: bitLength(input.hi) },
      ...graph.nodes.map((node) => {
        const own = rangeOf(bounds, node.first, node.count);
        return { layer: node.name, op: node.op, ...own, bits: primitiveOf(node).widestBits(node, bounds) };
      }),
    ],
  };
}
