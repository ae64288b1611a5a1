import type { Relation } from '../integer/joint-range.ts';

interface Group {
  readonly relation: Relation;
  readonly first: number;
  /** What the current sum weighs each of its values with. */
  readonly weights: Float64Array;
}

/** Intervals of sums over values that are known to depend on each other. */
export class JointIntervals {
  readonly #groups = new Map<number, Group>();
  readonly #open = new Set<Group>();

  relate(relation: Relation, first: number, count: number): void {
    const group = { relation, first, weights: new Float64Array(count) };
    for (let k = 0; k < count; k += 1) this.#groups.set(first + k, group);
  }

  /** Adds a term to the current sum. @returns false if the value is in no group, and nothing was added */
  add(id: number, weight: number): boolean {
    const group = this.#groups.get(id);
    if (group === undefined) return false;
    group.weights[id - group.first]! += weight;
    this.#open.add(group);
    return true;
  }

  /** The interval of the terms of the current sum, which ends. */
  take(): { readonly lo: number; readonly hi: number } {
    let [lo, hi] = [0, 0];
    for (const group of this.#open) {
      const sums = group.relation === 'monotone' ? prefixSums(group.weights) : group.weights;
      lo += sums.reduce((a, b) => Math.min(a, b));
      hi += sums.reduce((a, b) => Math.max(a, b));
      group.weights.fill(0);
    }
    this.#open.clear();
    return { lo, hi };
  }
}

/** The sums for 0, 1, … leading ones. */
function prefixSums(weights: Float64Array): Float64Array {
  const sums = new Float64Array(weights.length + 1);
  weights.forEach((weight, k) => {
    sums[k + 1] = sums[k]! + weight;
  });
  return sums;
}
