import type { Bounds } from './bounds.ts';
import type { IntegerGraph, IntegerNode } from './integer-graph.ts';
import type { JointRange } from './joint-range.ts';
import { primitiveOf } from './primitives.ts';

/** Number of scalars in the graph's value space. */
export function valueCount(graph: { input: { count: number }; nodes: readonly IntegerNode[] }): number {
  return graph.nodes.reduce((sum, node) => sum + node.count, graph.input.count);
}

/** Proved ranges of every value, from the input's ranges and the actual weights (DESIGN §4). */
export function computeBounds(graph: Pick<IntegerGraph, 'input' | 'nodes'>): Bounds {
  const count = valueCount(graph);
  const joint = new Map<number, JointRange>();
  const bounds: Bounds = { lo: new Float64Array(count), hi: new Float64Array(count), joint };
  bounds.hi.set(graph.input.max);
  for (const node of graph.nodes) {
    const primitive = primitiveOf(node);
    primitive.bound(node, bounds);
    for (const range of primitive.joint?.(node) ?? []) {
      for (let k = 0; k < range.count; k += 1) joint.set(range.first + k, range);
    }
  }
  return bounds;
}

/**
 * The exact executor: the definition of what is proved.
 *
 * @param integers one encoded row, `graph.input.count` integers within their ranges
 * @param values   memory to write to, `valueCount(graph)` long; pass it to reuse memory between rows
 * @returns every value of the graph, by id
 */
export function executeInteger(
  graph: IntegerGraph,
  integers: ArrayLike<number>,
  values: Float64Array = new Float64Array(valueCount(graph)),
): Float64Array {
  values.set(integers);
  for (const node of graph.nodes) primitiveOf(node).execute(node, values);
  return values;
}
