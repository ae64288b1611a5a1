import { type Bounds, lowerBound, signedBits, upperBound, valueAt } from './bounds.ts';
import type { Threshold } from './integer-graph.ts';
import type { Primitive } from './primitive.ts';

/** Bits of v = source − threshold + 2^(bits−1), whose top bit is the answer; 0 where the answer never changes. */
export function thresholdBits(node: Threshold, bounds: Bounds): number {
  const lo = lowerBound(bounds, node.source) - node.threshold;
  const hi = upperBound(bounds, node.source) - node.threshold;
  return lo >= 0 || hi < 0 ? 0 : signedBits(lo, hi);
}

/** 1 if source ≥ threshold, else 0 (circuits/threshold.circom). */
export const threshold: Primitive<Threshold> = {
  bound(node, bounds) {
    bounds.lo[node.first] = 0;
    bounds.hi[node.first] = upperBound(bounds, node.source) >= node.threshold ? 1 : 0;
  },

  execute(node, values) {
    values[node.first] = valueAt(values, node.source) >= node.threshold ? 1 : 0;
  },

  auxiliary(node, bounds) {
    const bits = thresholdBits(node, bounds);
    return {
      count: 1,
      write(values, aux, at) {
        aux[at] = bits === 0 ? 0 : valueAt(values, node.source) - node.threshold + 2 ** (bits - 1);
      },
    };
  },
};
