import { type compare, compareBits, differenceRange } from '../../integer/compare.ts';
import type { Compare } from '../../integer/integer-graph.ts';
import type { Gadget } from './gadget.ts';

/**
 * Pattern "compare": Σ 2^k·b_k = left − right + offset + 2^(N−1), and the output is the top bit.
 *
 * Lemma "compare". As lemma "comparison", with an offset: if −2^(N−1) ≤ left − right + offset < 2^(N−1) for all inputs
 * in range, the b_k are the bits of the right side (lemma "bits"), and the top bit is [left − right + offset ≥ 0]. Where
 * the proved ranges decide, the output is that constant. ∎
 */
export const walkCompare: Gadget<Compare, typeof compare.auxiliaries> = (walk, node, auxiliariesOf) => {
  for (let index = 0; index < node.count; index += 1) {
    const id = node.first + index;
    const where = `${node.name}[${index}]`;
    const [left, right, offset] = [node.left[index]!, node.right[index]!, node.offset[index]!];
    const lo = walk.interval(left).lo - walk.interval(right).hi + offset;
    const hi = walk.interval(left).hi - walk.interval(right).lo + offset;
    walk.bound(id, lo >= 0 ? 1 : 0, hi >= 0 ? 1 : 0, where);
    const base = walk.bounds.lo[id]!;
    const bits = compareBits(differenceRange(node, index, walk.bounds));
    if (bits === 0) {
      const always = lo >= 0 ? 1 : 0;
      if (always === 0 && hi >= 0) walk.fail('range', where, 'the ranges do not decide');
      else if (walk.settle(id, walk.sum.clear().add(0, always - base), base, where)) walk.proved('compare');
      continue;
    }
    const half = 2 ** (bits - 1);
    if (!(bits <= 53 && lo >= -half && hi < half)) {
      walk.fail('range', where, `${bits} bits do not hold the difference of what it compares`);
      walk.placeUnproved(id);
      continue;
    }
    const form = walk.sum.clear().add(0, half + offset);
    walk.addValue(form, left, 1);
    walk.addValue(form, right, -1);
    const wires = walk.bits(auxiliariesOf(index).bits('bit'), bits, form, where, id);
    if (wires === undefined) walk.placeUnproved(id);
    else if (walk.settle(id, walk.sum.clear().add(wires.at(-1)!, 1).add(0, -base), base, where)) {
      walk.proved('compare');
    }
  }
};
