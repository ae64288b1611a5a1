import { float32OfRank, float32Rank, RANKS } from '../../graph/float32.ts';
import type { Interval } from '../../graph/tree.ts';

/** A set of float32 values: ranges of ranks, ascending and apart, and whether it holds NaN. */
export interface RankSet {
  readonly ranges: readonly RankRange[];
  readonly holdsNaN: boolean;
}

/** Both ends included; empty if `low` is above `high`. */
export interface RankRange {
  readonly low: number;
  readonly high: number;
}

/** The modes of a branch, as ONNX names them without `BRANCH_`. */
export type Comparison = 'LEQ' | 'LT' | 'GTE' | 'GT' | 'EQ' | 'NEQ';

/**
 * The float32 values that pass a comparison with a threshold, which may be any double but NaN: between two float32 numbers
 * nothing lies but doubles, so the threshold moves to the nearest float32 on the side that the comparison asks for.
 *
 * @param missingPasses whether NaN passes in any case; it passes NEQ regardless, as in IEEE 754
 */
export function passing(mode: Comparison, threshold: number, missingPasses: boolean): RankSet {
  const below = rankAtMost(threshold);
  const above = rankAtLeast(threshold);
  const { lowest, highest } = RANKS;
  const ranges: { readonly [K in Comparison]: readonly RankRange[] } = {
    LEQ: [{ low: lowest, high: below }],
    LT: [{ low: lowest, high: above - 1 }],
    GTE: [{ low: above, high: highest }],
    GT: [{ low: below + 1, high: highest }],
    EQ: [{ low: above, high: below }],
    NEQ: [
      { low: lowest, high: above - 1 },
      { low: below + 1, high: highest },
    ],
  };
  return rankSet(ranges[mode], missingPasses || mode === 'NEQ');
}

/** The float32 values among the members. */
export function membersOf(members: readonly number[], missingPasses: boolean): RankSet {
  const ranges = members.map((one) => ({ low: rankAtLeast(one), high: rankAtMost(one) }));
  return rankSet(ranges, missingPasses);
}

/** The float32 values that are one of these integers once their fraction is cut off. */
export function truncatedTo(integers: readonly number[], missingPasses: boolean): RankSet {
  const ranges = integers.map((one) => ({
    low: one > 0 ? rankAtLeast(one) : rankAtMost(one - 1) + 1,
    high: one < 0 ? rankAtMost(one) : rankAtLeast(one + 1) - 1,
  }));
  return rankSet(ranges, missingPasses);
}

export function union(a: RankSet, b: RankSet): RankSet {
  return rankSet([...a.ranges, ...b.ranges], a.holdsNaN || b.holdsNaN);
}

/** Sorts ranges, drops empty ones and joins those that overlap or adjoin. */
export function rankSet(ranges: readonly RankRange[], holdsNaN: boolean): RankSet {
  const joined: RankRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.low - b.low)) {
    if (range.low > range.high) continue;
    const last = joined.at(-1);
    if (last === undefined || range.low > last.high + 1) joined.push(range);
    else if (range.high > last.high) joined[joined.length - 1] = { low: last.low, high: range.high };
  }
  return { ranges: joined, holdsNaN };
}

export function holdsRank({ ranges }: RankSet, rank: number): boolean {
  return ranges.some(({ low, high }) => low <= rank && rank <= high);
}

/** Whether the set holds a float32 value, which may be NaN. */
export function holds(set: RankSet, value: number): boolean {
  return Number.isNaN(value) ? set.holdsNaN : holdsRank(set, float32Rank(value));
}

/** The set with one rank added or removed. */
export function withRank(set: RankSet, rank: number, isHeld: boolean): RankSet {
  if (isHeld) return rankSet([...set.ranges, { low: rank, high: rank }], set.holdsNaN);
  const cut = set.ranges.flatMap(({ low, high }) => [
    { low, high: Math.min(high, rank - 1) },
    { low: Math.max(low, rank + 1), high },
  ]);
  return rankSet(cut, set.holdsNaN);
}

export function intervalsOf({ ranges }: RankSet): Interval[] {
  return ranges.map(({ low, high }) => ({ low: float32OfRank(low), high: float32OfRank(high) }));
}

/** The rank of the largest float32 that is at most a double. */
function rankAtMost(value: number): number {
  const nearest = Math.fround(value);
  return nearest > value ? float32Rank(nearest) - 1 : float32Rank(nearest);
}

/** The rank of the smallest float32 that is at least a double. */
function rankAtLeast(value: number): number {
  const nearest = Math.fround(value);
  return nearest < value ? float32Rank(nearest) + 1 : float32Rank(nearest);
}
