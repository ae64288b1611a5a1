import {
  type Bounds,
  EXACT_LIMIT,
  lowerBound,
  rangeBits,
  signedBits,
  upperBound,
  valueAt,
} from './bounds.ts';
import type { Threshold } from './integer-graph.ts';
import { isReadable } from './invariants.ts';
import { readId, readInteger } from './json-form.ts';
import type { Primitive } from './primitive.ts';

/**
 * Bits of v = source − threshold + 2^(bits−1), whose top bit is the answer; 0 if the answer is constant. One bit would be
 * the wire of a source that is 0 or 1, and circom would merge the two.
 */
export function thresholdBits(node: Threshold, bounds: Bounds): number {
  const lo = lowerBound(bounds, node.source) - node.threshold;
  const hi = upperBound(bounds, node.source) - node.threshold;
  return lo >= 0 || hi < 0 ? 0 : Math.max(signedBits(lo, hi), 2);
}

const auxiliaries = { bit: 'bits' } as const;

/** 1 if source ≥ threshold, else 0 (circuits/threshold.circom). */
export const threshold: Primitive<Threshold, typeof auxiliaries> = {
  op: 'threshold',
  template: { name: 'Threshold', file: 'threshold.circom' },
  auxiliaries,

  sources: (node) => [Int32Array.of(node.source)],

  check(node, ensure) {
    ensure(node.count === 1, 'one output');
    ensure(isReadable(node.source, node.first), 'a source');
    ensure(Math.abs(node.threshold) <= EXACT_LIMIT, 'a threshold within the exact range');
  },

  writeJson: ({ source, threshold }) => ({ source, threshold }),
  fields: { source: readId, threshold: readInteger },

  bound(node, bounds) {
    bounds.lo[node.first] = 0;
    bounds.hi[node.first] = upperBound(bounds, node.source) >= node.threshold ? 1 : 0;
  },

  execute(node, values) {
    values[node.first] = valueAt(values, node.source) >= node.threshold ? 1 : 0;
  },

  auxiliary(node, bounds) {
    const bits = thresholdBits(node, bounds);
    return (_, values, aux) => {
      const v = bits === 0 ? 0 : valueAt(values, node.source) - node.threshold + 2 ** (bits - 1);
      aux.bits('bit', bits, v);
    };
  },

  widestBits: rangeBits,
  calibrated: () => ({}),
};
