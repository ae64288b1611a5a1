import type { Decimal, Hex } from '../json/encoded-types.ts';

/**
 * Content of `private/<row>.opening.json`, which opens the input digest of one proof. It is private and never part of a
 * bundle. `makeOpening` writes it.
 */
export interface Opening {
  readonly version: 'quietproof/opening/v1';
  readonly modelId: Hex;
  readonly row: { readonly index: number };
  /** The digest signal this opens. */
  readonly digest: Decimal;
  /** 128 random bits. */
  readonly salt: Decimal;
  /** The input as the circuit sees it: the integers of `encodeRow`. */
  readonly values: readonly number[];
  /** The row before encoding, as canonical reals; it encodes to `values`. Left out when the row was clamped. */
  readonly input?: readonly string[];
}
