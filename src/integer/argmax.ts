import { type Bounds, lowerBound, signedBits, upperBound, valueAt } from './bounds.ts';
import type { Argmax } from './integer-graph.ts';
import { type Contest, contest } from './max.ts';
import type { Primitive } from './primitive.ts';

/**
 * The contests of an argmax. Unlike a max, equal ranges at the rim must still be compared when the kept one could
 * lose or tie: the kept index is the lower one and wins ties, so only kept.lo ≥ candidate.hi decides beforehand for
 * it, and candidate.lo > kept.hi against it.
 */
export function argmaxContests(node: Argmax, bounds: Bounds): Contest[] {
  const range = (id: number) => ({ lo: lowerBound(bounds, id), hi: upperBound(bounds, id) });
  const results: Contest[] = [];
  let kept = range(node.source[0]!);
  for (const id of node.source.subarray(1)) {
    const candidate = range(id);
    const plain = contest(kept, candidate);
    const tie = plain.winner === 'candidate' && candidate.lo === kept.hi;
    const bits = signedBits(kept.lo - candidate.hi, kept.hi - candidate.lo);
    const next: Contest = tie ? { ...plain, winner: 'compare', bits } : plain;
    results.push(next);
    kept = next;
  }
  return results;
}

/** The lowest index of the largest source (circuits/argmax.circom). */
export const argmax: Primitive<Argmax> = {
  bound(node, bounds) {
    bounds.lo[node.first] = 0;
    bounds.hi[node.first] = node.source.length - 1;
  },

  execute(node, values) {
    let best = 0;
    for (let i = 1; i < node.source.length; i += 1) {
      if (valueAt(values, node.source[i]!) > valueAt(values, node.source[best]!)) best = i;
    }
    values[node.first] = best;
  },

  /** Per comparison: v, the larger value as a wire, its index. */
  auxiliary(node, bounds) {
    const outcome = argmaxContests(node, bounds);
    return {
      count: 3 * outcome.filter((c) => c.winner === 'compare').length,
      write(values, aux, at) {
        let next = at;
        let best = 0;
        outcome.forEach((c, k) => {
          const kept = valueAt(values, node.source[best]!);
          const candidate = valueAt(values, node.source[k + 1]!);
          if (candidate > kept) best = k + 1;
          if (c.winner !== 'compare') return;
          aux[next] = kept - candidate + 2 ** (c.bits - 1);
          aux[next + 1] = Math.max(kept, candidate) - c.lo;
          aux[next + 2] = best;
          next += 3;
        });
      },
    };
  },
};
