import { signedBits } from './bounds.ts';

/** How the running maximum is decided against the next candidate. */
export type Contest =
  /** The ranges decide: there is nothing to compare. */
  | { readonly winner: 'kept' | 'candidate'; readonly lo: number; readonly hi: number }
  /** v = kept − candidate + 2^(bits−1); its top bit is [kept ≥ candidate]. lo, hi: range of the larger of the two. */
  | { readonly winner: 'compare'; readonly bits: number; readonly lo: number; readonly hi: number };

export interface Range {
  readonly lo: number;
  readonly hi: number;
}

export function contest(kept: Range, candidate: Range): Contest {
  const larger = { lo: Math.max(kept.lo, candidate.lo), hi: Math.max(kept.hi, candidate.hi) };
  if (kept.lo >= candidate.hi) return { winner: 'kept', ...larger };
  if (candidate.lo >= kept.hi) return { winner: 'candidate', ...larger };
  return { winner: 'compare', bits: signedBits(kept.lo - candidate.hi, kept.hi - candidate.lo), ...larger };
}

/** The number whose top bit decides a comparison. */
export function comparedNumber(bits: number, kept: number, candidate: number): number {
  return kept - candidate + 2 ** (bits - 1);
}
