import type { IntegerGraph, IntegerLinear, IntegerNode } from '../integer/integer-graph.ts';
import { primitiveOf } from '../integer/primitives.ts';

/** Whether the circuit of a primitive expands sums that it reads. The others read wires, and sums need one for them. */
export const EXPANDS_SUMS: { readonly [Op in IntegerNode['op']]: boolean } = {
  linear: false,
  requantize: false,
  table: false,
  max: false,
  argmax: false,
  threshold: false,
  multiply: false,
  compare: false,
  divide: false,
  thermometer: true,
  select: true,
  'tree-leaves': true,
};

/** Primitives of trees: sums over them are short, and are expanded in other sums too. */
const TREE_OPS: ReadonlySet<IntegerNode['op']> = new Set(['thermometer', 'select', 'tree-leaves']);

/**
 * Linear nodes without wires: their sums are expanded where they are read. All their readers can do that. A sum that
 * reads them is one if it has no wire itself, or if they are made of trees.
 */
export function unwiredLinears(graph: IntegerGraph): ReadonlySet<IntegerNode> {
  const nodeOf = nodesByValue(graph);
  const stated = new Set(Array.from(graph.statement.outputs, (id) => nodeOf.get(id)));
  const readers = new Map<IntegerNode, IntegerNode[]>();
  const fromTrees = new Set<IntegerNode>();
  for (const node of graph.nodes) {
    for (const source of sourceNodes(node, nodeOf)) {
      readers.set(source, [...(readers.get(source) ?? []), node]);
      if (TREE_OPS.has(source.op) || fromTrees.has(source)) fromTrees.add(node);
    }
  }
  const unwired = new Set<IntegerNode>();
  const expands = (reader: IntegerNode, node: IntegerLinear) =>
    EXPANDS_SUMS[reader.op] || (reader.op === 'linear' && (unwired.has(reader) || fromTrees.has(node)));
  for (const node of graph.nodes.toReversed()) {
    if (node.op !== 'linear' || stated.has(node)) continue;
    const own = readers.get(node);
    if (own?.every((reader) => expands(reader, node))) unwired.add(node);
  }
  return unwired;
}

function nodesByValue({ nodes }: IntegerGraph): Map<number, IntegerNode> {
  const nodeOf = new Map<number, IntegerNode>();
  for (const node of nodes) for (let k = 0; k < node.count; k += 1) nodeOf.set(node.first + k, node);
  return nodeOf;
}

function sourceNodes(node: IntegerNode, nodeOf: ReadonlyMap<number, IntegerNode>): Set<IntegerNode> {
  const found = new Set<IntegerNode>();
  for (const ids of primitiveOf(node).sources(node)) {
    for (const id of ids) {
      const source = nodeOf.get(id);
      if (source !== undefined) found.add(source);
    }
  }
  return found;
}
