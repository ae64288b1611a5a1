import type { FloatGraph } from '../../graph/float-graph.ts';
import { float32Rank, RANKS } from '../../graph/float32.ts';
import type { TreeBranch } from '../../graph/tree.ts';
import type { CodingOf } from '../../integer/integer-graph.ts';

/** An integer that trees compare, and what it stands for. */
export interface Compared {
  /** Its proved range. */
  readonly lo: number;
  readonly hi: number;
  /** For an affine coding, real = offset + step · integer; the tests compare the float32 nearest to that. */
  readonly coding: CodingOf<'affine' | 'rank32'>;
}

/** What a test is over the integers: constant + Σ weight · [integer ≥ cut], for cuts above lo and not above hi. */
export interface CutSum {
  readonly constant: number;
  readonly weights: ReadonlyMap<number, number>;
}

/**
 * A test as a sum over cuts: an interval is passed from its first integer on, and no longer from the first one after it.
 * It is 0 or 1 for every integer.
 */
export function cutSum(
  { passes, missingPasses }: Pick<TreeBranch, 'passes' | 'missingPasses'>,
  compared: Compared,
): CutSum {
  const sum = new Summing(compared);
  for (const { low, high } of passes) {
    sum.add(1, sum.firstFrom(low));
    sum.add(-1, sum.firstAfter(high));
  }
  if (missingPasses) sum.add(1, missingOf(compared));
  return sum;
}

/** The integer of a missing value; Infinity if it has none. */
function missingOf({ coding, hi }: Compared): number {
  if (coding.nan !== 'coded') return Infinity;
  return coding.kind === 'rank32' ? RANKS.highest + 1 : hi;
}

class Summing implements CutSum {
  readonly #compared: Compared;
  readonly weights = new Map<number, number>();
  constant = 0;

  constructor(compared: Compared) {
    this.#compared = compared;
  }

  add(weight: number, cut: number): void {
    const { lo, hi } = this.#compared;
    if (cut > hi) return;
    if (cut <= lo) {
      this.constant += weight;
      return;
    }
    const total = (this.weights.get(cut) ?? 0) + weight;
    if (total === 0) this.weights.delete(cut);
    else this.weights.set(cut, total);
  }

  /** The first integer whose float32 is at least `low`. */
  firstFrom(low: number): number {
    const { coding } = this.#compared;
    if (coding.kind === 'rank32') return float32Rank(low);
    return this.#first(coding, (float) => float >= low);
  }

  /** The first integer whose float32 is above `high`. */
  firstAfter(high: number): number {
    const { coding } = this.#compared;
    if (coding.kind === 'rank32') return float32Rank(high) + 1;
    return this.#first(coding, (float) => float > high);
  }

  /** The first number from lo to hi for which this holds, by bisection; the integer after all numbers if there is none. */
  #first({ offset, step, nan }: CodingOf<'affine'>, holds: (float: number) => boolean): number {
    let [low, high] = [this.#compared.lo, this.#compared.hi + (nan === undefined ? 1 : 0)];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (holds(Math.fround(offset + step * middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Every branch of the graph's trees that compares a value. */
export function branchesReading(graph: FloatGraph, floatId: number): TreeBranch[] {
  return graph.nodes.flatMap((node) => {
    if (node.op !== 'trees' || !node.source.includes(floatId)) return [];
    return node.trees.flatMap(({ branches }) =>
      branches.filter(({ feature }) => node.source[feature] === floatId),
    );
  });
}
