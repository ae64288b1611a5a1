import { QuietproofError } from '../errors/quietproof-error.ts';

/** The texts that a feature takes, by the integer that stands for each. */
export interface Categories {
  readonly values: readonly string[];
  /** With 'coded', every other text is one more category, the last one. */
  readonly unknown: 'refused' | 'coded';
}

/** What scikit-learn's encoders call a missing text in the files that are exported of them. */
const MISSING = 'nan';

/**
 * What a row has for a text: its place among the categories; undefined for a text that is refused.
 *
 * @param text the empty text is a missing value, unless the encoder knows it as it is
 */
export function categoryOf(text: string, { values, unknown }: Categories): number | undefined {
  const place = values.indexOf(text);
  if (place >= 0) return place;
  if (text === '' && values.includes(MISSING)) return values.indexOf(MISSING);
  return unknown === 'coded' ? values.length : undefined;
}

/** The error for a text that is none of the categories. */
export function noCategory(text: string, categories: Categories, where: string): QuietproofError {
  const shown = text === '' ? 'A missing text' : JSON.stringify(text.slice(0, 40));
  const what = `${shown} is no category of this column`;
  return new QuietproofError('QP1108', { what, where, fix: `The model knows ${categoriesText(categories)}` });
}

/** The first texts that a feature takes. */
function categoriesText({ values }: Categories): string {
  const shown = values.slice(0, MOST_LISTED).map((value) => JSON.stringify(value.slice(0, 30)));
  const more = values.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const MOST_LISTED = 8;
