import type { ActivationNode, FloatGraph, FloatNode, LinearNode, MaxNode } from './float-graph.ts';
import { countValues } from './use.ts';

/** A node that has no place among the values yet. */
export type NewNode = Omit<LinearNode, 'first'> | Omit<ActivationNode, 'first'> | Omit<MaxNode, 'first'>;

/**
 * Builds a graph anew from an old one, node by node: `keep` what stays, `emit` what is new, and `bind` every old
 * value that is still read to the new value that takes its place. Emitted nodes read *new* ids (`translate`).
 */
export class GraphRewriter {
  readonly #graph: FloatGraph;
  readonly #nodes: FloatNode[] = [];
  /** New id of every old value. */
  readonly #map: Int32Array;
  #next: number;

  constructor(graph: FloatGraph) {
    this.#graph = graph;
    this.#map = new Int32Array(countValues(graph)).fill(UNBOUND);
    this.#next = graph.input.count;
    for (let id = 0; id < this.#next; id += 1) this.#map[id] = id;
  }

  /** New ids for old ones; ZERO and ABSENT stay. */
  translate(ids: Int32Array): Int32Array {
    return ids.map((id) => (id < 0 ? id : this.#map[id]!));
  }

  /** Appends a node; returns the id of its first value. */
  emit(node: NewNode): number {
    const first = this.#next;
    this.#nodes.push({ ...node, first } as FloatNode);
    this.#next += node.count;
    return first;
  }

  /** The values of an old node are from now on these new ones, one for each. */
  bind(old: FloatNode, ids: Int32Array): void {
    this.#map.set(ids, old.first);
  }

  /** The values of an old node are from now on those from `first` on. */
  bindRange(old: FloatNode, first: number): void {
    for (let i = 0; i < old.count; i += 1) this.#map[old.first + i] = first + i;
  }

  /** Appends an old node (or one with other weights in its place) as it is. */
  keep(old: FloatNode, node: NewNode = old): void {
    this.bindRange(old, this.emit(this.translated(node)));
  }

  /** A node that reads old ids, reading new ones. */
  translated(node: NewNode): NewNode {
    if (node.op === 'max') return { ...node, gather: this.translate(node.gather) };
    if (node.op === 'activation') return { ...node, source: this.translate(node.source) };
    return {
      ...node,
      blocks: node.blocks.map((block) => ({ ...block, gather: this.translate(block.gather) })),
      diagonals: node.diagonals.map((diagonal) => ({ ...diagonal, source: this.translate(diagonal.source) })),
    };
  }

  finish(): FloatGraph {
    const { output } = this.#graph;
    return {
      ...this.#graph,
      nodes: this.#nodes,
      output: { ...output, values: this.translate(output.values) },
    };
  }
}

/** No valid id, so that the checker finds a pass that forgot to bind. */
const UNBOUND = -(2 ** 31);
