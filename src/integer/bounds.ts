import { QuietproofError } from '../errors/quietproof-error.ts';
import { ABSENT, ZERO } from '../graph/float-graph.ts';
import type { JointRange } from './joint-range.ts';

/**
 * Proved ranges: lo[id] ≤ value(id) ≤ hi[id] for every input the statement allows. All entries are integers of
 * magnitude ≤ `EXACT_LIMIT`.
 */
export interface Bounds {
  readonly lo: Float64Array;
  readonly hi: Float64Array;
  /** By value id: the group of values that it varies with, if there is one. */
  readonly joint: ReadonlyMap<number, JointRange>;
}

/**
 * Integers up to 2^53 are exact in a double. The executor, the bounds and the witness stay below 2^52, so that every
 * partial sum and every offset is exact too. A layer beyond this limit would cost over 52 constraints per value.
 */
export const EXACT_BITS = 52;
export const EXACT_LIMIT = 2 ** EXACT_BITS;

/** The refusal of a layer whose numbers could exceed `EXACT_LIMIT`: fewer bits may fit. */
export function tooWide(layer: string): QuietproofError {
  return new QuietproofError('QP3001', {
    where: `layer "${layer}"`,
    fix: 'Use fewer bits (--bits), or clip the activations before this layer',
  });
}

export function lowerBound(bounds: Bounds, id: number): number {
  return id === ZERO ? 0 : bounds.lo[id]!;
}

export function upperBound(bounds: Bounds, id: number): number {
  return id === ZERO ? 0 : bounds.hi[id]!;
}

export function valueAt(values: Float64Array, id: number): number {
  return id === ZERO ? 0 : values[id]!;
}

export function isAbsent(id: number): boolean {
  return id === ABSENT;
}

/** Bits of a non-negative integer: 0 → 0, 1 → 1, 255 → 8. */
export function bitLength(value: number): number {
  let bits = 0;
  for (let power = 1; power <= value; power *= 2) bits += 1;
  return bits;
}

/** The smallest n ≥ 1 with −2^(n−1) ≤ lo and hi ≤ 2^(n−1) − 1: the bits of a two's-complement value. */
export function signedBits(lo: number, hi: number): number {
  return 1 + Math.max(lo < 0 ? bitLength(-lo - 1) : 0, hi > 0 ? bitLength(hi) : 0);
}

/** Bits of the smallest range that holds the `count` values from id `first` on. */
export function rangeBits({ first, count }: { first: number; count: number }, bounds: Bounds): number {
  const { lo, hi } = rangeOf(bounds, first, count);
  return bitLength(hi - lo);
}

/** The smallest range that holds the `count` values from id `first` on. */
export function rangeOf(bounds: Bounds, first: number, count: number): { lo: number; hi: number } {
  const lo = bounds.lo.subarray(first, first + count);
  const hi = bounds.hi.subarray(first, first + count);
  return { lo: lo.reduce((a, b) => Math.min(a, b)), hi: hi.reduce((a, b) => Math.max(a, b)) };
}
