import type { WireSource } from '../../integer/wire-source.ts';
import type { SmallForm } from '../linear-form.ts';
import type { Walk } from '../walk.ts';

/** The running maximum: a value of the graph, or a wire that carries the maximum minus a base. */
export interface Kept {
  readonly lo: number;
  readonly hi: number;
  addTo(form: SmallForm, weight: number): void;
}

export function keptValue(walk: Walk, id: number): Kept {
  return { ...walk.interval(id), addTo: (form, weight) => walk.addValue(form, id, weight) };
}

export function keptWire(wire: number, base: number, lo: number, hi: number): Kept {
  return {
    lo,
    hi,
    addTo: (form, weight) => {
      form.add(wire, weight).add(0, weight * base);
    },
  };
}

/**
 * Pattern "comparison": Σ 2^k·b_k = kept − candidate + 2^(N−1).
 *
 * Lemma "comparison". If −2^(N−1) ≤ kept − candidate < 2^(N−1) for all inputs in range, the right side is in
 * [0, 2^N), so the b_k are its bits (lemma "bits"), and the top bit is [kept ≥ candidate]. ∎
 *
 * @returns the wires of the bits, lowest first; undefined after reporting a problem
 */
export function compareBits(
  walk: Walk,
  kept: Kept,
  candidate: Kept,
  bits: number,
  bitSource: (k: number) => WireSource,
  where: string,
): number[] | undefined {
  const half = 2 ** (bits - 1);
  if (!(bits <= 53 && kept.lo - candidate.hi >= -half && kept.hi - candidate.lo < half)) {
    walk.fail('range', where, `${bits} bits do not hold the difference of what it compares`);
    return undefined;
  }
  const form = walk.sum.clear().add(0, half);
  kept.addTo(form, 1);
  candidate.addTo(form, -1);
  return walk.bits(bitSource, bits, form, where);
}

/**
 * Pattern "larger": wire = top · Σ_{k<N−1} 2^k·b_k + candidate − base.
 *
 * Lemma "larger". Where top = 1, the sum is kept − candidate, and wire + base = kept ≥ candidate. Where top = 0, the
 * product is 0, and wire + base = candidate > kept. Either way wire + base = max(kept, candidate). ∎
 */
export function largerWire(
  walk: Walk,
  bits: readonly number[],
  candidate: Kept,
  wire: number,
  base: number,
  where: string,
): boolean {
  walk.left.clear().add(bits.at(-1)!, 1);
  walk.right.clear();
  bits.slice(0, -1).forEach((bit, k) => {
    walk.right.add(bit, 2 ** k);
  });
  const rest = walk.sum.clear().add(0, -base);
  candidate.addTo(rest, 1);
  return walk.product(wire, rest, where);
}
