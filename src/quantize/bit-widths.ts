/** Widths in bits, each 2…8 for `--bits N` and `auto`: what rounding the model tolerates, not what overflows. */
export interface BitWidths {
  /** Signed weights: |w| ≤ 2^(weights−1) − 1 in every layer. */
  readonly weights: number;
  /** Unsigned input values: 0 … 2^input − 1. */
  readonly input: number;
  /** Activations on the calibration rows; proved ranges may be wider. */
  readonly activations: number;
}

export const WIDEST_BITS = 8;
export const NARROWEST_BITS = 2;
/**
 * `auto` takes no narrower weights or activations: below, a few hundred rows keep their labels by luck (iris at 3-bit
 * weights keeps all 45, and its neighbours in width lose up to 6). Inputs may be as coarse as the data bears.
 */
export const NARROWEST_AUTO_BITS = 4;

export function uniformWidths(bits: number): BitWidths {
  return { weights: bits, input: bits, activations: bits };
}
