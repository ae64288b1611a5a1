import type { RowRecord } from '../bundle/statement-types.ts';
import type { Decimal, Hex, Open } from '../json/encoded-types.ts';

/** Opens the input digest of one proof. It is private and never part of a bundle. */
export interface OpeningV2 extends Open {
  readonly version: 'quietproof/opening/v2';
  /** Model id and row only help to find the opening. */
  readonly modelId: Hex;
  readonly row?: RowRecord;
  readonly digest: Decimal;
  /** Below 2^128. */
  readonly salt: Decimal;
  /** The input as the circuit sees it, one integer per feature. */
  readonly values: readonly number[];
  /** One per feature: a real, `Infinity`, `-Infinity` or `NaN` (rank32 only), or the text of a category. */
  readonly input?: readonly string[];
}
