import type { IntegerGraph } from './integer-graph.ts';

/**
 * The inputs, by id, that a thermometer reads directly: its rows hold them in their range, so that the input mode need
 * not. One that is 0 or 1 is not among them, since its thermometer has no rows (`repeatsSource`).
 */
export function heldInputs({ input, nodes }: Pick<IntegerGraph, 'input' | 'nodes'>): ReadonlySet<number> {
  const held = new Set<number>();
  for (const node of nodes) {
    if (node.op === 'thermometer' && node.source < input.count && input.max[node.source]! > 1) {
      held.add(node.source);
    }
  }
  return held;
}
