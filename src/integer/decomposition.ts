import { type Bounds, bitLength, lowerBound, signedBits, upperBound } from './bounds.ts';
import type { IntegerActivation, Requantize } from './integer-graph.ts';

/**
 * How the circuit computes one requantized value. From the proved range of the accumulator and the activation, each
 * output gets the cheapest of these forms; the numbers are the `kind` parameter of circuits/linear-requantize.circom.
 *
 * Throughout, v = acc + offset is the non-negative value that is decomposed into `bits` bits b₀…; S is the node's
 * shift, s = the top bit, high = Σ b_k·2^(k−S) over S ≤ k < bits − 1; the output wire is (output − base) ≥ 0.
 */
export const KIND = {
  /** The activation pins the output to one value: wire = 0. */
  constant: 0,
  /** No bound of the activation can be reached: wire = p · (v >> S). With S = 0 nothing is decomposed. */
  linear: 1,
  /** max(y, low): s = (y ≥ low), wire = s · high. ReLU. */
  clampLow: 2,
  /** min(y, high): s = (y > high), wire = (1 − s) · (high + p) + s · q. */
  clampHigh: 3,
  /** Both: s = (y ≥ low), wire = s · min(high, p), the comparison taken from the bits. */
  clampBoth: 4,
  /** y ≥ 0 ? y · 2^j : y · k: s = (y ≥ 0), wire = (2^j − k) · s · high + k · y − base. */
  leaky: 5,
} as const;

export type Kind = (typeof KIND)[keyof typeof KIND];

export interface Decomposition {
  readonly kind: Kind;
  readonly bits: number;
  /** v = acc + offset; includes the rounding half. */
  readonly offset: number;
  readonly p: number;
  readonly q: number;
  /** Range of the output. The wire carries output − lo. */
  readonly lo: number;
  readonly hi: number;
}

/** The decomposition of every output of a node, from the proved ranges of its sources. */
export function decompose(node: Requantize, bounds: Bounds): Decomposition[] {
  return Array.from(node.source, (id) =>
    decomposeOne(node.shift, node.activation, lowerBound(bounds, id), upperBound(bounds, id)),
  );
}

export function decomposeOne(
  shift: number,
  activation: IntegerActivation,
  accLo: number,
  accHi: number,
): Decomposition {
  const unit = 2 ** shift;
  const half = shift === 0 ? 0 : unit / 2;
  const range = { lo: Math.floor((accLo + half) / unit), hi: Math.floor((accHi + half) / unit) };
  const acc = { unit, half, accLo, accHi, shift };
  return activation.kind === 'leaky'
    ? decomposeLeaky(acc, range, activation.numerator, 2 ** activation.denominatorBits)
    : decomposeClamp(acc, range, activation.low ?? -Infinity, activation.high ?? Infinity);
}

interface Accumulator {
  readonly unit: number;
  readonly half: number;
  readonly shift: number;
  readonly accLo: number;
  readonly accHi: number;
}

interface Range {
  readonly lo: number;
  readonly hi: number;
}

function decomposeClamp(acc: Accumulator, y: Range, low: number, high: number): Decomposition {
  if (low >= y.hi || high <= y.lo || y.lo === y.hi) {
    const value = Math.min(Math.max(y.lo, low), high);
    return { kind: KIND.constant, bits: 0, offset: 0, p: 0, q: 0, lo: value, hi: value };
  }
  const out = { lo: Math.max(y.lo, low), hi: Math.min(y.hi, high) };
  if (y.lo < low) {
    const signed = signedAround(acc, low);
    const both = y.hi > high;
    return { kind: both ? KIND.clampBoth : KIND.clampLow, ...signed, p: both ? high - low : 0, q: 0, ...out };
  }
  if (y.hi > high) {
    const signed = signedAround(acc, high + 1);
    const halfRange = 2 ** (signed.bits - 1 - acc.shift);
    return { kind: KIND.clampHigh, ...signed, p: high + 1 - halfRange - out.lo, q: high - out.lo, ...out };
  }
  return { ...unclamped(acc, y), p: 1, q: 0, ...out };
}

function decomposeLeaky(acc: Accumulator, y: Range, numerator: number, denominator: number): Decomposition {
  const apply = (value: number) => value * (value < 0 ? numerator : denominator);
  const out = { lo: apply(y.lo), hi: apply(y.hi) };
  if (y.lo === y.hi) return { kind: KIND.constant, bits: 0, offset: 0, p: 0, q: 0, ...out };
  if (y.lo >= 0 || y.hi < 0) {
    return { ...unclamped(acc, y), p: y.lo >= 0 ? denominator : numerator, q: 0, ...out };
  }
  return { kind: KIND.leaky, ...signedAround(acc, 0), p: numerator, q: out.lo, ...out };
}

/** The offset is a multiple of 2^S beside the rounding half, so floor(v / 2^S) = y − y.lo. */
function unclamped(acc: Accumulator, y: Range): { kind: typeof KIND.linear; bits: number; offset: number } {
  const offset = acc.half - y.lo * acc.unit;
  const bits = acc.shift === 0 ? 0 : bitLength(acc.accHi + offset);
  return { kind: KIND.linear, bits, offset };
}

/** v = (acc + half − pivot·2^S) + 2^(bits−1): its top bit says whether y ≥ pivot. */
function signedAround(acc: Accumulator, pivot: number): { bits: number; offset: number } {
  const shifted = acc.half - pivot * acc.unit;
  const bits = Math.max(signedBits(acc.accLo + shifted, acc.accHi + shifted), acc.shift + 1);
  return { bits, offset: shifted + 2 ** (bits - 1) };
}

/** Bits of `high` in the signed kinds: those between the shifted-out ones and the top bit. */
export function highBits(decomposition: Decomposition, shift: number): number {
  return decomposition.bits - 1 - shift;
}

/** Products the comparison [high ≥ p] of a two-sided clamp takes: one a bit above p's lowest set bit. */
export function comparisonProducts(decomposition: Decomposition, shift: number): number {
  if (decomposition.kind !== KIND.clampBoth) return 0;
  return highBits(decomposition, shift) - trailingZeros(decomposition.p) - 1;
}

/** The place of the lowest set bit of a positive integer. */
export function trailingZeros(value: number): number {
  let zeros = 0;
  for (let rest = value; rest % 2 === 0; rest /= 2) zeros += 1;
  return zeros;
}
