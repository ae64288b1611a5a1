import {
  type Bounds,
  EXACT_LIMIT,
  lowerBound,
  rangeBits,
  signedBits,
  tooWide,
  upperBound,
  valueAt,
} from './bounds.ts';
import type { Range } from './contest.ts';
import type { Compare } from './integer-graph.ts';
import { areReadable } from './invariants.ts';
import { integers, readIds, readIntegers } from './json-form.ts';
import type { Primitive } from './primitive.ts';

/** The range of left − right + offset, whose sign is the answer. */
export function differenceRange({ left, right, offset }: Compare, i: number, bounds: Bounds): Range {
  return {
    lo: lowerBound(bounds, left[i]!) - upperBound(bounds, right[i]!) + offset[i]!,
    hi: upperBound(bounds, left[i]!) - lowerBound(bounds, right[i]!) + offset[i]!,
  };
}

/** Bits of the difference + 2^(bits−1), whose top bit is the answer; 0 if the ranges decide. */
export function compareBits({ lo, hi }: Range): number {
  return lo >= 0 || hi < 0 ? 0 : signedBits(lo, hi);
}

const auxiliaries = { bit: 'bits' } as const;

/** 1 if left − right + offset ≥ 0, else 0, elementwise (circuits/compare.circom). */
export const compare: Primitive<Compare, typeof auxiliaries> = {
  op: 'compare',
  template: { name: 'Compare', file: 'compare.circom' },
  auxiliaries,

  sources: ({ left, right }) => [left, right],

  check({ left, right, offset, count, first }, ensure) {
    ensure(left.length === count && right.length === count && offset.length === count, 'shapes');
    ensure(areReadable(left, first) && areReadable(right, first), 'sources');
    ensure(offset.every(Number.isSafeInteger), 'integer offsets');
  },

  writeJson: ({ left, right, offset }) => ({
    left: integers(left),
    right: integers(right),
    offset: integers(offset),
  }),
  fields: { left: readIds, right: readIds, offset: readIntegers },

  bound(node, bounds) {
    for (let i = 0; i < node.count; i += 1) {
      const { lo, hi } = differenceRange(node, i, bounds);
      if (!(Math.max(-lo, hi, Math.abs(node.offset[i]!)) < EXACT_LIMIT)) throw tooWide(node.name);
      bounds.lo[node.first + i] = lo >= 0 ? 1 : 0;
      bounds.hi[node.first + i] = hi >= 0 ? 1 : 0;
    }
  },

  execute({ left, right, offset, first, count }, values) {
    for (let i = 0; i < count; i += 1) {
      const difference = valueAt(values, left[i]!) - valueAt(values, right[i]!) + offset[i]!;
      values[first + i] = difference >= 0 ? 1 : 0;
    }
  },

  auxiliary(node, bounds) {
    const bits = Array.from(node.left, (_, i) => compareBits(differenceRange(node, i, bounds)));
    return (index, values, aux) => {
      const own = bits[index]!;
      const [left, right] = [node.left[index]!, node.right[index]!];
      const difference = valueAt(values, left) - valueAt(values, right) + node.offset[index]!;
      aux.bits('bit', own, own === 0 ? 0 : difference + 2 ** (own - 1));
    };
  },

  widestBits: rangeBits,
  calibrated: () => ({}),
};
