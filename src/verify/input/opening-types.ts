import type { Decimal, Hex } from '../json/encoded-types.ts';

/**
 * Content of `private/<row>.opening.json`: what opens the input digest of one proof. Private; never part of a bundle.
 * `makeOpening` writes it.
 */
export interface Opening {
  readonly version: 'quietproof/opening/v1';
  readonly modelId: Hex;
  readonly row: { readonly index: number };
  /** The digest signal this opens. */
  readonly digest: Decimal;
  /** 128 random bits. */
  readonly salt: Decimal;
  /** The input as the circuit sees it: `encodeInput` of the row. */
  readonly values: readonly number[];
  /** The row as it was given, canonical reals; encodes to `values`. Left out where the row was clamped. */
  readonly input?: readonly string[];
}
