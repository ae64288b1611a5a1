import type { Bounds } from '../integer/bounds.ts';
import { bitLength } from '../integer/bounds.ts';
import { decompose } from '../integer/decomposition.ts';
import type { IntegerGraph, IntegerNode } from '../integer/integer-graph.ts';
import { widestBits } from '../integer/requantize.ts';
import type { BoundsTable } from './artifact-manifest.ts';

/** The proved ranges, one line a layer. */
export function boundsTable(graph: IntegerGraph, bounds: Bounds): BoundsTable {
  const range = (first: number, count: number) => {
    const lo = bounds.lo.subarray(first, first + count);
    const hi = bounds.hi.subarray(first, first + count);
    return { lo: lo.reduce((a, b) => Math.min(a, b)), hi: hi.reduce((a, b) => Math.max(a, b)) };
  };
  const input = range(0, graph.input.count);
  return {
    version: 'quietproof/bounds/v1',
    layers: [
      { layer: graph.input.name, op: 'input', ...input, bits: bitLength(input.hi) },
      ...graph.nodes.map((node) => {
        const own = range(node.first, node.count);
        return { layer: node.name, op: node.op, ...own, bits: bitsOf(node, bounds, own) };
      }),
    ],
  };
}

function bitsOf(node: IntegerNode, bounds: Bounds, range: { lo: number; hi: number }): number {
  return node.op === 'requantize' ? widestBits(decompose(node, bounds)) : bitLength(range.hi - range.lo);
}
