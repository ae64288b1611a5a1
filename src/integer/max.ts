import { type Bounds, isAbsent, lowerBound, signedBits, upperBound, valueAt } from './bounds.ts';
import type { IntegerMax } from './integer-graph.ts';
import type { Primitive } from './primitive.ts';

/** How the running maximum meets one more candidate. */
export type Contest =
  /** The ranges do not overlap: nothing to compare. */
  | { readonly winner: 'kept' | 'candidate'; readonly lo: number; readonly hi: number }
  /** v = kept − candidate + 2^(bits−1); its top bit says kept ≥ candidate. lo, hi: range of the larger one. */
  | { readonly winner: 'compare'; readonly bits: number; readonly lo: number; readonly hi: number };

interface Range {
  readonly lo: number;
  readonly hi: number;
}

export function contest(kept: Range, candidate: Range): Contest {
  const larger = { lo: Math.max(kept.lo, candidate.lo), hi: Math.max(kept.hi, candidate.hi) };
  if (kept.lo >= candidate.hi) return { winner: 'kept', ...larger };
  if (candidate.lo >= kept.hi) return { winner: 'candidate', ...larger };
  return { winner: 'compare', bits: signedBits(kept.lo - candidate.hi, kept.hi - candidate.lo), ...larger };
}

/** The contests of one window, first to last; one fewer than its places that are not absent. */
export function contests(sources: Int32Array, bounds: Bounds): Contest[] {
  const present = sources.filter((id) => !isAbsent(id));
  const results: Contest[] = [];
  let kept: Range = { lo: lowerBound(bounds, present[0]!), hi: upperBound(bounds, present[0]!) };
  for (const id of present.subarray(1)) {
    const next = contest(kept, { lo: lowerBound(bounds, id), hi: upperBound(bounds, id) });
    results.push(next);
    kept = next;
  }
  return results;
}

/** The window of output i. */
export function windowOf(node: IntegerMax, i: number): Int32Array {
  return node.gather.subarray(i * node.taps, (i + 1) * node.taps);
}

/** The largest value of a window (circuits/max.circom): N + 2 constraints a comparison. */
export const max: Primitive<IntegerMax> = {
  bound(node, bounds) {
    for (let i = 0; i < node.count; i += 1) {
      const present = windowOf(node, i).filter((id) => !isAbsent(id));
      bounds.lo[node.first + i] = Math.max(...Array.from(present, (id) => lowerBound(bounds, id)));
      bounds.hi[node.first + i] = Math.max(...Array.from(present, (id) => upperBound(bounds, id)));
    }
  },

  execute(node, values) {
    for (let i = 0; i < node.count; i += 1) {
      let best = -Infinity;
      for (let tap = 0; tap < node.taps; tap += 1) {
        const id = node.gather[i * node.taps + tap]!;
        if (!isAbsent(id)) best = Math.max(best, valueAt(values, id));
      }
      values[node.first + i] = best;
    }
  },

  /** Per comparison: v, and the larger value as a wire. */
  auxiliary(node, bounds) {
    const windows = Array.from({ length: node.count }, (_, i) => ({
      present: windowOf(node, i).filter((id) => !isAbsent(id)),
      contests: contests(windowOf(node, i), bounds),
    }));
    return {
      count: 2 * windows.reduce((sum, w) => sum + w.contests.filter((c) => c.winner === 'compare').length, 0),
      write(values, aux, at) {
        let next = at;
        for (const window of windows) next = writeWindow(window, values, aux, next);
      },
    };
  },
};

function writeWindow(
  window: { present: Int32Array; contests: Contest[] },
  values: Float64Array,
  aux: Float64Array,
  at: number,
): number {
  let next = at;
  let kept = valueAt(values, window.present[0]!);
  window.contests.forEach((c, k) => {
    const candidate = valueAt(values, window.present[k + 1]!);
    const larger = Math.max(kept, candidate);
    if (c.winner === 'compare') {
      aux[next] = kept - candidate + 2 ** (c.bits - 1);
      aux[next + 1] = larger - c.lo;
      next += 2;
    }
    kept = larger;
  });
  return next;
}
