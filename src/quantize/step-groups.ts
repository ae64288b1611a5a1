import { factsOf } from '../graph/activation-facts.ts';
import type { Block, FloatGraph, FloatNode } from '../graph/float-graph.ts';
import { isPooling } from '../graph/passes/pooling-sum.ts';
import { countValues } from '../graph/use.ts';
import { isPool, poolRuns } from './pool-runs.ts';

/**
 * By value id: the group whose values need one step, named by its lowest id. Weights are constants of the circuit, so a
 * value that has its weights to itself can have any step for free. What ties steps together is what the layers do:
 *
 * - values that meet the same weight at several positions of a convolution (a channel of a picture), and values that one
 *   row of weights gives at several positions;
 * - values that are compared (in a maximum, or as the model's outputs) or plainly added up (in a pool);
 * - values around an activation whose bounds do not scale with its operand.
 */
export function stepGroups(graph: FloatGraph): Int32Array {
  const sets = new DisjointSets(countValues(graph));
  for (const node of graph.nodes) tieNode(node, sets);
  sets.tie(graph.output.values);
  while (tiePools(graph, sets));
  return sets.names();
}

/** Windows of a pool that are in one group have sums in one group. @returns whether anything changed */
function tiePools(graph: FloatGraph, sets: DisjointSets): boolean {
  let changed = false;
  for (const node of graph.nodes) {
    if (node.op !== 'linear') continue;
    let start = node.first;
    for (const block of node.blocks) {
      const first = new Map<number, number>();
      for (const { group, from, to } of isPool(block) ? poolRuns(block, (id) => sets.name(id)) : []) {
        const known = first.get(group) ?? start + from;
        first.set(group, known);
        for (let p = from; p < to; p += 1) changed = sets.tie([known, start + p]) || changed;
      }
      start += block.rows * block.positions;
    }
  }
  return changed;
}

function tieNode(node: FloatNode, sets: DisjointSets): void {
  const { first, count } = node;
  if (node.op === 'linear') {
    let start = first;
    for (const block of node.blocks) {
      tieBlock(block, start, sets);
      start += block.rows * block.positions;
    }
  } else if (node.op === 'max') {
    for (let i = 0; i < count; i += 1) {
      sets.tie([first + i, ...node.gather.subarray(i * node.taps, (i + 1) * node.taps)]);
    }
  } else if (factsOf(node.fn).isHomogeneous) {
    for (let i = 0; i < count; i += 1) sets.tie([first + i, node.source[i]!]);
  } else {
    sets.tie(node.source);
    sets.tie(Array.from({ length: count }, (_, i) => first + i));
  }
}

function tieBlock(block: Block, start: number, sets: DisjointSets): void {
  const { rows, positions, taps, gather } = block;
  const range = (length: number, id: (i: number) => number) => Array.from({ length }, (_, i) => id(i));
  if (positions > 1 && !isPool(block)) {
    for (let row = 0; row < rows; row += 1) sets.tie(range(positions, (p) => start + row * positions + p));
    for (let tap = 0; tap < taps; tap += 1) sets.tie(range(positions, (p) => gather[p * taps + tap]!));
  }
  if (!isPooling(block)) return;
  for (let p = 0; p < positions; p += 1) sets.tie(gather.subarray(p * taps, (p + 1) * taps));
}

class DisjointSets {
  readonly #parent: Int32Array;

  constructor(count: number) {
    this.#parent = Int32Array.from({ length: count }, (_, id) => id);
  }

  /** Unites the sets of these ids; ZERO and ABSENT have none. @returns whether they were not one set */
  tie(ids: Iterable<number>): boolean {
    let root: number | undefined;
    let changed = false;
    for (const id of ids) {
      if (id < 0) continue;
      const other = this.#root(id);
      if (root === undefined || root === other) root = other;
      else {
        changed = true;
        this.#parent[Math.max(root, other)] = Math.min(root, other);
        root = Math.min(root, other);
      }
    }
    return changed;
  }

  name(id: number): number {
    return this.#root(id);
  }

  names(): Int32Array {
    return this.#parent.map((_, id) => this.#root(id));
  }

  #root(id: number): number {
    let root = id;
    while (this.#parent[root] !== root) root = this.#parent[root]!;
    for (let at = id; at !== root; ) {
      const next = this.#parent[at]!;
      this.#parent[at] = root;
      at = next;
    }
    return root;
  }
}
