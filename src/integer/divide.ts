import { readers } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import {
  type Bounds,
  bitLength,
  EXACT_LIMIT,
  lowerBound,
  rangeBits,
  tooWide,
  upperBound,
  valueAt,
} from './bounds.ts';
import type { Range } from './contest.ts';
import type { Divide } from './integer-graph.ts';
import { areReadable } from './invariants.ts';
import { integers, readIds } from './json-form.ts';
import type { Primitive } from './primitive.ts';

/** The refusal of a layer whose divisors could be below 1. */
function mayBeZero(layer: string): QuietproofError {
  return new QuietproofError('QP3030', {
    where: `layer "${layer}"`,
    fix: 'Clip the divisor from below at a positive number',
  });
}

/** Calibration chooses factors 2^(this − shift). */
export const FINEST_FACTOR_BITS = 24;

/** How the circuit computes one quotient (circuits/divide.circom). */
export interface Division {
  /** The range of the quotient. */
  readonly lo: number;
  readonly hi: number;
  /** Bits of quotient − lo; 0 if the quotient has one value. Two at least: a single bit would be the output itself. */
  readonly quotientBits: number;
  /** Bits of the remainder and of the slack; 0 if the quotient has one value. */
  readonly remainderBits: number;
}

/** @returns undefined if the ranges allow a divisor below 1, or numbers beyond the exact range */
export function division(node: Divide, i: number, bounds: Bounds): Division | undefined {
  const range = (id: number) => ({ lo: lowerBound(bounds, id), hi: upperBound(bounds, id) });
  const n = range(node.numerator[i]!);
  const d = range(node.denominator[i]!);
  if (d.lo < 1) return undefined;
  const { lo, hi } = quotientRange(node.factor, n, d);
  const magnitude = Math.max(Math.abs(n.lo), Math.abs(n.hi)) * 2 * node.factor;
  const span = Math.max(Math.abs(lo), Math.abs(hi), hi - lo + 1) * 2 * d.hi;
  if (!(magnitude + d.hi + span < EXACT_LIMIT)) return undefined;
  if (lo === hi) return { lo, hi, quotientBits: 0, remainderBits: 0 };
  const remainderBits = bitLength(2 * d.hi - 1);
  return { lo, hi, quotientBits: Math.max(2, bitLength(hi - lo)), remainderBits };
}

/** The quotient rises with n; with d it falls for n ≥ 0 and rises for n < 0. So its ends are at ends. */
function quotientRange(factor: number, n: Range, d: Range): Range {
  return {
    lo: quotientOf(factor, n.lo, n.lo < 0 ? d.lo : d.hi),
    hi: quotientOf(factor, n.hi, n.hi < 0 ? d.hi : d.lo),
  };
}

/**
 * ⌊(2·factor·n + d) / (2d)⌋. Exact in doubles where numbers stay below 2^52: a quotient that is not an integer is at least
 * 1/2d from the next, while rounding moves a number v/2d by at most v/2d · 2^−53 < 1/2d.
 */
function quotientOf(factor: number, n: number, d: number): number {
  // Turns −0 into 0.
  return Math.floor((2 * factor * n + d) / (2 * d)) + 0;
}

const auxiliaries = { quotient: 'bits', remainder: 'bits', slack: 'bits' } as const;

/**
 * factor · numerator / denominator, rounded to the nearest integer, halves up (circuits/divide.circom): Q + 2G + 3
 * constraints for a quotient of Q bits and a doubled divisor of G bits.
 */
export const divide: Primitive<Divide, typeof auxiliaries> = {
  op: 'divide',
  template: { name: 'Divide', file: 'divide.circom' },
  auxiliaries,

  sources: ({ numerator, denominator }) => [numerator, denominator],

  check({ numerator, denominator, factor, count, first }, ensure) {
    ensure(numerator.length === count && denominator.length === count, 'a numerator and divisor per output');
    ensure(areReadable(numerator, first) && areReadable(denominator, first), 'sources');
    ensure(Number.isSafeInteger(factor) && factor >= 1, 'a factor of at least 1');
  },

  writeJson: ({ numerator, denominator, factor }) => ({
    numerator: integers(numerator),
    denominator: integers(denominator),
    factor,
  }),
  fields: { numerator: readIds, denominator: readIds, factor: readers.integer(1) },

  bound(node, bounds) {
    for (let i = 0; i < node.count; i += 1) {
      if (lowerBound(bounds, node.denominator[i]!) < 1) throw mayBeZero(node.name);
      const own = division(node, i, bounds);
      if (own === undefined) throw tooWide(node.name);
      bounds.lo[node.first + i] = own.lo;
      bounds.hi[node.first + i] = own.hi;
    }
  },

  execute({ numerator, denominator, factor, first, count }, values) {
    for (let i = 0; i < count; i += 1) {
      values[first + i] = quotientOf(
        factor,
        valueAt(values, numerator[i]!),
        valueAt(values, denominator[i]!),
      );
    }
  },

  auxiliary(node, bounds) {
    const divisions = Array.from({ length: node.count }, (_, i) => division(node, i, bounds)!);
    return (index, values, aux) => {
      const { lo, quotientBits, remainderBits } = divisions[index]!;
      const [n, d] = [
        valueAt(values, node.numerator[index]!),
        valueAt(values, node.denominator[index]!),
      ] as const;
      const isDivided = quotientBits > 0;
      const quotient = isDivided ? quotientOf(node.factor, n, d) - lo : 0;
      const remainder = isDivided ? 2 * node.factor * n + d - (quotient + lo) * 2 * d : 0;
      aux.bits('quotient', quotientBits, quotient);
      aux.bits('remainder', remainderBits, remainder);
      aux.bits('slack', remainderBits, isDivided ? 2 * d - 1 - remainder : 0);
    };
  },

  widestBits: (node, bounds) =>
    Math.max(
      rangeBits(node, bounds),
      ...Array.from({ length: node.count }, (_, i) => division(node, i, bounds)!.remainderBits),
    ),
  calibrated: ({ factor }) => ({ shift: FINEST_FACTOR_BITS - bitLength(factor) + 1 }),
};
