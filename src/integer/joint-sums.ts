import { ZERO } from '../graph/float-graph.ts';
import type { Bounds } from './bounds.ts';
import { type JointRange, jointSpan } from './joint-range.ts';

/**
 * Adds weighted values to intervals. The terms of values that vary together are collected, so that their sum gets its
 * exact interval instead of the sum of the terms' intervals.
 */
export class JointSums {
  readonly #bounds: Bounds;
  /** By target: the weights on each group. */
  readonly #weights = new Map<number, Map<JointRange, Float64Array>>();

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /** Adds weight · source to the target's interval. @returns the largest magnitude of the term */
  add(target: number, weight: number, source: number): number {
    if (source === ZERO || weight === 0) return 0;
    const { lo, hi, joint } = this.#bounds;
    const group = joint.size === 0 ? undefined : joint.get(source);
    if (group !== undefined) {
      this.#weightsOf(target, group)[source - group.first]! += weight;
      return Math.abs(weight);
    }
    const low = weight * (weight > 0 ? lo[source]! : hi[source]!);
    const high = weight * (weight > 0 ? hi[source]! : lo[source]!);
    lo[target]! += low;
    hi[target]! += high;
    return Math.max(Math.abs(low), Math.abs(high));
  }

  /** Adds what was collected. */
  finish(): void {
    const { lo, hi } = this.#bounds;
    for (const [target, groups] of this.#weights) {
      for (const [group, weights] of groups) {
        const span = jointSpan(group, weights);
        lo[target]! += span.lo;
        hi[target]! += span.hi;
      }
    }
  }

  #weightsOf(target: number, group: JointRange): Float64Array {
    const groups = this.#weights.get(target) ?? new Map<JointRange, Float64Array>();
    this.#weights.set(target, groups);
    const weights = groups.get(group) ?? new Float64Array(group.count);
    groups.set(group, weights);
    return weights;
  }
}
