import { ACTIVATIONS, type ActivationFacts } from '../graph/activations.ts';
import type { ActivationFunction, FloatNode, LinearNode, TreesNode } from '../graph/float-graph.ts';
import type { Interval } from '../graph/functions/interval.ts';

const UNKNOWN: Interval = { min: -Infinity, max: Infinity };
const LOGICAL: Interval = { min: 0, max: 1 };
/** Of a chain that is longer, nothing is known: the limit keeps the stack small. */
const MAX_DEPTH = 64;

/** Between what values lie whatever the row, as far as trees and the arithmetic on their results say. */
export class ValueRanges {
  readonly #nodes: readonly FloatNode[];
  readonly #known = new Map<number, Interval>();

  /** @param nodes ascending by first id; more may be added */
  constructor(nodes: readonly FloatNode[]) {
    this.#nodes = nodes;
  }

  of(id: number, depth = 0): Interval {
    if (id < 0) return { min: 0, max: 0 };
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    if (depth > MAX_DEPTH) return UNKNOWN;
    const node = this.#nodes.findLast(({ first }) => first <= id);
    const range =
      node !== undefined && id < node.first + node.count
        ? this.#in(node, id - node.first, depth + 1)
        : UNKNOWN;
    this.#known.set(id, range);
    return range;
  }

  #in(node: FloatNode, at: number, depth: number): Interval {
    switch (node.op) {
      case 'compare':
        return LOGICAL;
      case 'trees':
        return ofTrees(node, at);
      case 'linear':
        return this.#ofLinear(node, at, depth);
      case 'product': {
        const [a, b] = [this.of(node.left[at]!, depth), this.of(node.right[at]!, depth)];
        return isWithin(a, LOGICAL) && isWithin(b, LOGICAL) ? LOGICAL : UNKNOWN;
      }
      case 'activation': {
        const { isMonotone, apply } = factsOf(node.fn);
        const { min, max } = this.of(node.source[at]!, depth);
        return isMonotone && Number.isFinite(min) && Number.isFinite(max)
          ? { min: apply(min), max: apply(max) }
          : UNKNOWN;
      }
      default:
        return UNKNOWN;
    }
  }

  #ofLinear({ bias, diagonals, blocks }: LinearNode, at: number, depth: number): Interval {
    let [min, max] = [bias[at]!, bias[at]!];
    const add = (weight: number, id: number) => {
      if (weight === 0) return;
      const own = this.of(id, depth);
      min += weight * (weight > 0 ? own.min : own.max);
      max += weight * (weight > 0 ? own.max : own.min);
    };
    for (const { weights, source } of diagonals) add(weights[at]!, source[at]!);
    let first = 0;
    for (const { rows, positions, taps, weights, gather } of blocks) {
      const own = at - first;
      if (own >= 0 && own < rows * positions) {
        const [row, position] = [Math.floor(own / positions), own % positions];
        for (let tap = 0; tap < taps; tap += 1)
          add(weights[row * taps + tap]!, gather[position * taps + tap]!);
      }
      first += rows * positions;
    }
    return { min, max };
  }
}

/** Sums of the least and of the greatest leaf of each tree. */
function ofTrees({ trees, base, aggregate }: TreesNode, target: number): Interval {
  if (aggregate !== 'sum') return UNKNOWN;
  let [min, max] = [base[target]!, base[target]!];
  for (const { leaves } of trees) {
    const weights = leaves.map((leaf) => leaf.find((write) => write.target === target)?.weight ?? 0);
    min += weights.reduce((a, b) => Math.min(a, b), Infinity);
    max += weights.reduce((a, b) => Math.max(a, b), -Infinity);
  }
  return { min, max };
}

const factsOf = (fn: ActivationFunction): ActivationFacts => ACTIVATIONS[fn.kind](fn as never);

const isWithin = (a: Interval, b: Interval): boolean => a.min >= b.min && a.max <= b.max;
