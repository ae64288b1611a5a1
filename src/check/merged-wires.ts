import type { IntegerGraph, IntegerNode, TreeLeaves } from '../integer/integer-graph.ts';
import type { TraceLayout } from '../integer/trace-layout.ts';
import type { treeLeaves } from '../integer/tree-leaves.ts';
import { type WireSource, wholeSlot } from '../integer/wire-source.ts';
import { type TermsOf, termsOf } from './linear-terms.ts';
import type { WireHints } from './wire-hints.ts';

/**
 * A sum of one value with weight 1 is on that value's wire: the bias is in the base. circom merges the two signals, and
 * if the sum is stated it keeps the public name, so that the value has none. This says that the value is where the sum
 * is said to be. Where several stated sums share a wire, circom keeps the first. Like all names, these are hints.
 */
export function nameMergedWires(hints: WireHints, graph: IntegerGraph, layout: TraceLayout): void {
  for (const [id, wire] of mergedWires(hints, graph)) {
    const node = graph.nodes.find(({ first, count }) => id >= first && id < first + count);
    // A sum without a name is expanded where it is read.
    const source = node === undefined || node.op === 'linear' ? undefined : sourceOf(node, id, layout);
    if (source !== undefined) hints.name(source, wire);
  }
}

/** By id of a value without a name: the first wire of the sums that repeat it. */
function mergedWires(hints: WireHints, { nodes }: IntegerGraph): ReadonlyMap<number, number> {
  const merged = new Map<number, number>();
  for (const node of nodes.toReversed()) {
    if (node.op !== 'linear') continue;
    const terms = termsOf(node);
    for (let index = 0; index < node.count; index += 1) {
      const named = hints.of(wholeSlot(node.first + index));
      const wire = named === -1 ? merged.get(node.first + index) : named;
      const id = soleTerm(terms, index);
      if (wire === undefined || id === undefined || hints.of(wholeSlot(id)) !== -1) continue;
      merged.set(id, Math.min(wire, merged.get(id) ?? wire));
    }
  }
  return merged;
}

/** The only value that an output of a linear node reads, if its weight is 1. */
function soleTerm(terms: TermsOf, index: number): number | undefined {
  const weights = new Map<number, number>();
  terms(index, (id, weight) => weights.set(id, weight + (weights.get(id) ?? 0)));
  const [first] = weights;
  return weights.size === 1 && first?.[1] === 1 ? first[0] : undefined;
}

function sourceOf(node: IntegerNode, id: number, layout: TraceLayout): WireSource | undefined {
  return node.op === 'tree-leaves' ? branchOf(node, id - node.first, layout) : wholeSlot(id);
}

/** A leaf has no wire, but a leaf to which a condition leads by 1 is its node's product. The root has none. */
function branchOf(node: TreeLeaves, leaf: number, layout: TraceLayout): WireSource | undefined {
  const products = layout.cursor<typeof treeLeaves.auxiliaries>(node.first);
  for (let own = 1; own < node.condition.length; own += 1) {
    const source = products.whole('branch');
    if (node.whenTrue[own] === -1 - leaf) return source;
  }
  return undefined;
}
