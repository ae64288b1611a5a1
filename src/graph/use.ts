import type { FloatGraph, FloatNode, LinearNode } from './float-graph.ts';
import type { NewNode } from './node-kind.ts';
import { kindOf } from './node-kinds.ts';

/** No node produces or reads the value. */
const NOBODY = -1;
/** Several readers; the graph's output counts as a reader. */
const SEVERAL = -2;

/** The producer and the readers of every value. */
export interface Use {
  /** Index of the node that produces the value; NOBODY for the input. */
  readonly producer: Int32Array;
  /** Index of the only node that reads the value (nodes.length for the graph's output), NOBODY or SEVERAL. */
  readonly reader: Int32Array;
  /** Number of reads, counting every occurrence. */
  readonly reads: Int32Array;
}

/** Analyzes a graph once. A pass works from this snapshot; it is not updated while the pass rewrites. */
export function analyzeUse(graph: FloatGraph): Use {
  const total = countValues(graph);
  const use = {
    producer: new Int32Array(total).fill(NOBODY),
    reader: new Int32Array(total).fill(NOBODY),
    reads: new Int32Array(total),
  };
  const note = (ids: Int32Array, index: number) => {
    for (const id of ids) {
      if (id < 0) continue;
      use.reads[id]! += 1;
      use.reader[id] = use.reader[id] === NOBODY || use.reader[id] === index ? index : SEVERAL;
    }
  };
  for (const [index, node] of graph.nodes.entries()) {
    use.producer.fill(index, node.first, node.first + node.count);
    for (const ids of sourcesOf(node)) note(ids, index);
  }
  for (const { values } of graph.outputs) note(values, graph.nodes.length);
  return use;
}

/** Number of values of the graph, including the input. */
export function countValues(graph: FloatGraph): number {
  const last = graph.nodes.at(-1);
  return last === undefined ? graph.input.count : last.first + last.count;
}

/** The ids of a node's values. */
export function valuesOf({ first, count }: Pick<FloatNode, 'first' | 'count'>): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => first + i);
}

/** Every list of ids that the node reads. */
export function sourcesOf(node: NewNode): Int32Array[] {
  return kindOf(node).sources(node);
}

/** Indices of the nodes that produce the given values. */
export function producersOf(use: Use, ids: Int32Array): Set<number> {
  const producers = new Set<number>();
  for (const id of ids) if (id >= 0) producers.add(use.producer[id]!);
  return producers;
}

/** Whether the node is linear with at least one block. */
export function isBlockLinear(node: FloatNode | undefined): node is LinearNode {
  return node?.op === 'linear' && node.blocks.length > 0;
}

/** Whether the node is elementwise, out = weight · source + bias, or constant. */
export function isScale(node: FloatNode | undefined): node is LinearNode {
  return node?.op === 'linear' && node.blocks.length === 0 && node.diagonals.length <= 1;
}
