import type { Threshold } from '../../integer/integer-graph.ts';
import { type threshold, thresholdBits } from '../../integer/threshold.ts';
import type { Gadget } from './gadget.ts';

/**
 * Pattern "threshold": Σ 2^k·b_k = source − threshold + 2^(N−1), and the output is the top bit.
 *
 * Lemma "threshold". As lemma "comparison", with a constant: the top bit is [source ≥ threshold]. Where the proved
 * range decides, the output is that constant. ∎
 */
export const walkThreshold: Gadget<Threshold, typeof threshold.auxiliaries> = (walk, node, auxiliariesOf) => {
  const id = node.first;
  const where = node.name;
  const source = walk.interval(node.source);
  walk.bound(id, 0, source.hi >= node.threshold ? 1 : 0, where);
  const bits = thresholdBits(node, walk.bounds);
  const base = walk.bounds.lo[id]!;
  if (bits === 0) {
    const always = source.lo >= node.threshold ? 1 : 0;
    if (always === 0 && source.hi >= node.threshold) walk.fail('range', where, 'the range does not decide');
    else if (walk.settle(id, walk.sum.clear().add(0, always - base), base, where)) walk.proved('threshold');
    return;
  }
  const half = 2 ** (bits - 1);
  if (source.lo - node.threshold < -half || source.hi - node.threshold >= half || bits > 53) {
    walk.fail('range', where, `${bits} bits do not hold its range`);
    walk.placeUnproved(id);
    return;
  }
  const form = walk.sum.clear().add(0, half - node.threshold);
  walk.addValue(form, node.source, 1);
  const wires = walk.bits(auxiliariesOf(0).bits('bit'), bits, form, where, id);
  if (wires === undefined) walk.placeUnproved(id);
  else if (walk.settle(id, walk.sum.clear().add(wires.at(-1)!, 1).add(0, -base), base, where)) {
    walk.proved('threshold');
  }
};
