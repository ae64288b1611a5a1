import type { RowRecord } from '../bundle/statement-types.ts';
import type { Decimal, Hex, Open } from '../json/encoded-types.ts';

/** What opens the input digest of one proof. Private; never part of a bundle. */
export interface OpeningV2 extends Open {
  readonly version: 'quietproof/opening/v2';
  /** Model id and row only help to find it. */
  readonly modelId: Hex;
  readonly row?: RowRecord;
  readonly digest: Decimal;
  /** Below 2^128. */
  readonly salt: Decimal;
  /** The input as the circuit sees it, one a feature. */
  readonly values: readonly number[];
  /** A real, `Infinity`, `-Infinity`, `NaN` (rank32), or the text of a category; one a feature. */
  readonly input?: readonly string[];
}
