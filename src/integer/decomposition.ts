import { type Bounds, bitLength, lowerBound, signedBits, upperBound } from './bounds.ts';
import type { IntegerActivation, Requantize } from './integer-graph.ts';

/**
 * How the circuit computes one requantized value (circuits/linear-requantize.circom). Each output gets the cheapest of
 * these forms that its activation and the proved range of its accumulator allow.
 *
 * Throughout, v = acc + offset is the non-negative value that is decomposed into bits b_k, 0 ≤ k < `bits`; S is the
 * node's shift; s is the top bit; high = Σ b_k·2^(k−S) over S ≤ k < bits − 1; the output wire is (output − lo) ≥ 0.
 */
export type Decomposition = OutputRange &
  (Constant | Identity | Shift | ClampLow | ClampHigh | ClampBoth | Leaky);

/** Range of the output. The wire carries output − lo. */
interface OutputRange {
  readonly lo: number;
  readonly hi: number;
}

/** v = acc + offset, as bits. The offset includes the half that rounds. */
interface Bits {
  readonly bits: number;
  readonly offset: number;
}

/** The output has the same value for the whole range: wire = 0. */
interface Constant {
  readonly kind: 'constant';
  readonly bits: 0;
}

/** The range reaches no bound of the activation, and S = 0: wire = factor · v, and nothing is decomposed. */
interface Identity {
  readonly kind: 'identity';
  readonly bits: 0;
  readonly offset: number;
  readonly factor: number;
}

/** The range reaches no bound of the activation: wire = factor · (v >> S). */
interface Shift extends Bits {
  readonly kind: 'shift';
  readonly factor: number;
}

/** max(y, low): s = (y ≥ low), wire = s · high. ReLU. */
interface ClampLow extends Bits {
  readonly kind: 'clamp-low';
}

/** min(y, limit): s = (y > limit), wire = (1 − s) · (high + below) + s · above. */
interface ClampHigh extends Bits {
  readonly kind: 'clamp-high';
  /** The wire less `high` while y ≤ limit; often negative. */
  readonly below: number;
  /** The wire's value where y > limit. */
  readonly above: number;
}

/** Both limits: s = (y ≥ low), wire = s · min(high, span). `high` is compared with the span by its bits. */
interface ClampBoth extends Bits {
  readonly kind: 'clamp-both';
  /** The upper limit minus the lower one. */
  readonly span: number;
}

/** y ≥ 0 ? y · 2^j : y · slope: s = (y ≥ 0), wire = (2^j − slope) · s · high + slope · y − base. */
interface Leaky extends Bits {
  readonly kind: 'leaky';
  readonly slope: number;
  /** The output's minimum. */
  readonly base: number;
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

function decomposeClamp(acc: Accumulator, y: OutputRange, low: number, high: number): Decomposition {
  if (low >= y.hi || high <= y.lo || y.lo === y.hi) {
    const value = Math.min(Math.max(y.lo, low), high);
    return { kind: 'constant', bits: 0, lo: value, hi: value };
  }
  const out = { lo: Math.max(y.lo, low), hi: Math.min(y.hi, high) };
  if (y.lo < low) {
    const signed = signedAround(acc, low);
    return y.hi > high
      ? { kind: 'clamp-both', ...signed, span: high - low, ...out }
      : { kind: 'clamp-low', ...signed, ...out };
  }
  if (y.hi > high) {
    const signed = signedAround(acc, high + 1);
    const halfRange = 2 ** (signed.bits - 1 - acc.shift);
    return {
      kind: 'clamp-high',
      ...signed,
      below: high + 1 - halfRange - out.lo,
      above: high - out.lo,
      ...out,
    };
  }
  return { ...unclamped(acc, y, 1), ...out };
}

function decomposeLeaky(
  acc: Accumulator,
  y: OutputRange,
  numerator: number,
  denominator: number,
): Decomposition {
  const apply = (value: number) => value * (value < 0 ? numerator : denominator);
  const out = { lo: apply(y.lo), hi: apply(y.hi) };
  if (y.lo === y.hi) return { kind: 'constant', bits: 0, ...out };
  if (y.lo >= 0 || y.hi < 0) return { ...unclamped(acc, y, y.lo >= 0 ? denominator : numerator), ...out };
  return { kind: 'leaky', ...signedAround(acc, 0), slope: numerator, base: out.lo, ...out };
}

/** The offset is a multiple of 2^S plus the half that rounds, so floor(v / 2^S) = y − y.lo. */
function unclamped(acc: Accumulator, y: OutputRange, factor: number): Identity | Shift {
  const offset = acc.half - y.lo * acc.unit;
  if (acc.shift === 0) return { kind: 'identity', bits: 0, offset, factor };
  return { kind: 'shift', bits: bitLength(acc.accHi + offset), offset, factor };
}

/** v = (acc + half − pivot·2^S) + 2^(bits−1): its top bit says whether y ≥ pivot. */
function signedAround(acc: Accumulator, pivot: number): Bits {
  const shifted = acc.half - pivot * acc.unit;
  const bits = Math.max(signedBits(acc.accLo + shifted, acc.accHi + shifted), acc.shift + 1);
  return { bits, offset: shifted + 2 ** (bits - 1) };
}

/** Bits of `high` in the kinds with a sign: those between the S lowest bits and the top bit. */
export function highBits({ bits }: Bits, shift: number): number {
  return bits - 1 - shift;
}

/** Index of the lowest set bit of a positive integer. */
export function trailingZeros(value: number): number {
  let zeros = 0;
  for (let rest = value; rest % 2 === 0; rest /= 2) zeros += 1;
  return zeros;
}
