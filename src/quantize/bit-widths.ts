/** Widths in bits, 2 to 8 each with `--bits N` and `auto`. They set the rounding error; overflow is excluded by bounds. */
export interface BitWidths {
  /** Signed weights: |w| ≤ 2^(weights−1) − 1 in every layer. */
  readonly weights: number;
  /** Unsigned input values: 0 to 2^input − 1. */
  readonly input: number;
  /** Activations on the calibration rows; their proved ranges may be wider. */
  readonly activations: number;
}

export const WIDEST_BITS = 8;
export const NARROWEST_BITS = 2;
/**
 * The narrowest weights and activations that `auto` tries. Below this, a few hundred rows keep their labels only by
 * chance: iris keeps all 45 labels with 3-bit weights, but loses up to 6 at adjacent widths. Inputs may be narrower.
 */
export const NARROWEST_AUTO_BITS = 4;

export function uniformWidths(bits: number): BitWidths {
  return { weights: bits, input: bits, activations: bits };
}
