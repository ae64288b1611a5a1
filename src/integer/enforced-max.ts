import type { InputMode } from '@quietproof/verify';

/** The upper bound that is enforced for a feature whose values need 0 to `levels`. */
export const ENFORCED_MAX: { readonly [M in InputMode]: (levels: number) => number } = {
  // The circuit enforces a number of bits, so the bound is 2^bits − 1.
  digest: fillBits,
  // The verifier enforces the bound itself.
  public: (levels) => levels,
};

function fillBits(levels: number): number {
  let limit = 2;
  while (limit - 1 < levels) limit *= 2;
  return limit - 1;
}

/** Whether it is the circuit that holds the input's values in their ranges; the verifier does otherwise. */
export const HELD_BY_CIRCUIT: { readonly [M in InputMode]: boolean } = { digest: true, public: false };
