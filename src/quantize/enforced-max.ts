import type { InputMode } from '@quietproof/verify';

/** The largest integer of a feature that is enforced, where its values need 0 … `levels`. */
export const ENFORCED_MAX: { readonly [M in InputMode]: (levels: number) => number } = {
  // The circuit enforces bits: 2^bits − 1.
  digest: fillBits,
  // Verifiers enforce any bound.
  public: (levels) => levels,
};

function fillBits(levels: number): number {
  let limit = 2;
  while (limit - 1 < levels) limit *= 2;
  return limit - 1;
}
