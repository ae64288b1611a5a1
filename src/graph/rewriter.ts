import type { FloatGraph, FloatNode } from './float-graph.ts';
import type { NewNode } from './node-kind.ts';
import { kindOf } from './node-kinds.ts';
import { countValues } from './use.ts';

/**
 * Builds a new graph from an old one, node by node: `keep` an unchanged node, `emit` a new one, and `bind` every old
 * value that is still read to the new value that replaces it. Emitted nodes read *new* ids (`translate`).
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

  /** Maps old ids to new ones; ZERO and ABSENT are unchanged. */
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

  /** Maps the values of an old node to these new ids, in order. */
  bind(old: FloatNode, ids: Int32Array): void {
    this.#map.set(ids, old.first);
  }

  /** Maps the values of an old node to consecutive new ids, starting at `first`. */
  bindRange(old: FloatNode, first: number): void {
    for (let i = 0; i < old.count; i += 1) this.#map[old.first + i] = first + i;
  }

  /** Appends an old node, or a node that replaces it, with its operands translated. */
  keep(old: FloatNode, node: NewNode = old): void {
    this.bindRange(old, this.emit(this.translated(node)));
  }

  /** The node with its operands translated from old ids to new ones. */
  translated(node: NewNode): NewNode {
    return kindOf(node).translated(node, (ids) => this.translate(ids));
  }

  finish(): FloatGraph {
    const { outputs } = this.#graph;
    return {
      ...this.#graph,
      nodes: this.#nodes,
      outputs: outputs.map((output) => ({ ...output, values: this.translate(output.values) })),
    };
  }
}

/** Not a valid id, so that `checkGraph` reports a read of a value that no pass has bound. */
export const UNBOUND = -(2 ** 31);
