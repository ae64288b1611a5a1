import { copiedBy } from '../integer/copied-values.ts';
import type { DerivedCircuit } from './derive-circuit.ts';

/**
 * Values whose wire is an earlier value's, because `--O1` merges equal signals. Which of the names is left, and has the
 * wire in the `.sym` file, is circom's choice: a public output always is.
 *
 * @returns by value, in ascending order: the value before it
 */
export function mergedValues({ graph, bounds, plan }: DerivedCircuit): Map<number, number> {
  const wired = new Set(plan.layers.map(({ node }) => node));
  const isWired = new Uint8Array(plan.layout.end).fill(1, 0, graph.input.count);
  const merged = new Map<number, number>();
  for (const node of graph.nodes) {
    if (!wired.has(node)) continue;
    isWired.fill(1, node.first, node.first + node.count);
    const copied = copiedBy(node, bounds);
    for (let i = 0; i < node.count; i += 1) {
      const source = copied(i);
      if (source !== undefined && isWired[source] === 1) merged.set(node.first + i, source);
    }
  }
  return merged;
}
