import type { RowValue } from '@quietproof/verify';

/** A number of a row as verifiers take it: infinities and NaN are texts. */
export function rowValue(value: number): RowValue {
  return Number.isFinite(value) ? value : String(value);
}
