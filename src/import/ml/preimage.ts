import { roundTo } from '../../graph/float-precision.ts';
import { float32OfRank, float32Rank, RANKS } from '../../graph/float32.ts';
import { exp, log } from '../../graph/functions/exponential.ts';
import type { ExactStep } from '../exact-maps.ts';
import { holds, type RankRange, type RankSet, rankSet, withRank } from './rank-set.ts';

/** Keeps NaN, and preserves or reverses the order of all other values. */
interface MonotoneMap {
  readonly kind: 'monotone';
  readonly apply: (value: number) => number;
  readonly isIncreasing: boolean;
}

/**
 * The values that the steps take into a set, exactly; undefined if a step has no exact preimage here: an operation in
 * another format than float32 that is not rounded back to it, or a constant that is not finite.
 *
 * Each step is taken back by itself, in the order from the last to the first. An operation of IEEE 754 with a finite
 * constant is monotone on all float32 numbers, infinities included: it is a monotone real function, rounded, and rounding
 * is monotone. So the preimage of a range of values is a range, and bisection over the 2^32 values finds its ends with the
 * operation itself. A step that replaces a value moves that value alone, and a factor of 0 takes all finite values to 0 and
 * infinite ones to NaN.
 */
export function preimageOf(steps: readonly ExactStep[], set: RankSet): RankSet | undefined {
  const maps = mapsOf(steps);
  return maps?.reduceRight<RankSet>((after, map) => before(map, after), set);
}

function before(map: StepMap, after: RankSet): RankSet {
  switch (map.kind) {
    case 'monotone':
      return beforeMonotone(map, after);
    case 'replace':
      return beforeReplacement(map, after);
    case 'zero':
      return beforeZero(after);
  }
}

type Replacement = Extract<ExactStep, { kind: 'replace' }>;
type StepMap = MonotoneMap | Replacement | { readonly kind: 'zero' };

/** Joins what is computed in doubles until it is rounded: the whole is monotone as its parts are. */
function mapsOf(steps: readonly ExactStep[]): StepMap[] | undefined {
  const maps: StepMap[] = [];
  let wide: MonotoneMap | undefined;
  for (const step of steps) {
    const own = step.kind === 'replace' ? step : arithmetic(step);
    if (own?.kind !== 'monotone') {
      if (own === undefined || wide !== undefined) return undefined;
      maps.push(own);
      continue;
    }
    const joined = wide === undefined ? own : composed(wide, own);
    const isWide = 'precision' in step && step.precision === 'float64';
    if (!isWide) maps.push(joined);
    wide = isWide ? joined : undefined;
  }
  return wide === undefined ? maps : undefined;
}

const composed = (first: MonotoneMap, second: MonotoneMap): MonotoneMap => ({
  kind: 'monotone',
  apply: (value) => second.apply(first.apply(value)),
  isIncreasing: first.isIncreasing === second.isIncreasing,
});

function arithmetic(step: Exclude<ExactStep, Replacement>): StepMap | undefined {
  if (step.kind === 'power') {
    const exponent = log(step.base);
    return { kind: 'monotone', apply: (x) => Math.fround(exp(x * exponent)), isIncreasing: true };
  }
  const { precision } = step;
  const round = precision === 'float32' ? Math.fround : (value: number) => roundTo(precision, value);
  if (step.kind === 'round') return { kind: 'monotone', apply: round, isIncreasing: true };
  const { kind, constant } = step;
  const isFactor = kind === 'multiply' || kind === 'divide';
  if (kind === 'multiply' && constant === 0 && precision === 'float32') return { kind: 'zero' };
  if (!Number.isFinite(constant) || (isFactor && constant === 0)) return undefined;
  const compute = OPERATIONS[kind];
  const isIncreasing = isFactor ? constant > 0 : kind !== 'subtract-from';
  return { kind: 'monotone', apply: (x) => round(compute(x, constant)), isIncreasing };
}

const OPERATIONS = {
  add: (x: number, c: number) => x + c,
  subtract: (x: number, c: number) => x - c,
  'subtract-from': (x: number, c: number) => c - x,
  multiply: (x: number, c: number) => x * c,
  divide: (x: number, c: number) => x / c,
} as const;

function beforeReplacement({ replaced, by }: Replacement, after: RankSet): RankSet {
  const isHeld = holds(after, by);
  return Number.isNaN(replaced)
    ? { ...after, holdsNaN: isHeld }
    : withRank(after, float32Rank(replaced), isHeld);
}

function beforeZero(after: RankSet): RankSet {
  const { lowest, highest } = RANKS;
  const finite = holds(after, 0) ? [{ low: lowest + 1, high: highest - 1 }] : [];
  const infinite = after.holdsNaN ? [lowest, highest].map((rank) => ({ low: rank, high: rank })) : [];
  return rankSet([...finite, ...infinite], after.holdsNaN);
}

function beforeMonotone(map: MonotoneMap, after: RankSet): RankSet {
  return rankSet(
    after.ranges.map((range) => preimageOfRange(map, range)),
    after.holdsNaN,
  );
}

function preimageOfRange({ apply, isIncreasing }: MonotoneMap, { low, high }: RankRange): RankRange {
  const imageOf = (rank: number) => float32Rank(apply(float32OfRank(rank)));
  if (isIncreasing) {
    return {
      low: firstRank((rank) => imageOf(rank) >= low),
      high: firstRank((rank) => imageOf(rank) > high) - 1,
    };
  }
  return {
    low: firstRank((rank) => imageOf(rank) <= high),
    high: firstRank((rank) => imageOf(rank) < low) - 1,
  };
}

/** The lowest rank at which a condition holds that holds from some rank on; one above the highest if it never does. */
function firstRank(holdsAt: (rank: number) => boolean): number {
  let low: number = RANKS.lowest;
  let high: number = RANKS.highest + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holdsAt(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
