import type { RowValue } from '@quietproof/verify';
import type { Categories } from './categories.ts';
import type { Accepted } from './data-set.ts';

/** A number of a row as verifiers take it: infinities, NaN and categories are texts. */
export function rowValue(value: number, accepted: Accepted = 'finite'): RowValue {
  if (typeof accepted === 'object') return accepted.values[value] ?? unknownText(accepted);
  return Number.isFinite(value) ? value : String(value);
}

/** Whether a row has, for a feature, a text that is none of its categories: the row does not keep which one. */
export function isUnknown(value: number, accepted: Accepted = 'finite'): boolean {
  return typeof accepted === 'object' && value >= accepted.values.length;
}

/** A text that is none of the categories. */
function unknownText({ values }: Categories): string {
  let text = '?';
  while (values.includes(text)) text += '?';
  return text;
}
