import {
  type AnyModelRecord,
  featureCount,
  featuresOf,
  type InputReading,
  type PlacedFeature,
  Refusal,
  type RowValue,
  readingOf,
} from '@quietproof/verify';

/** As SPEC.md writes a missing number. */
const MISSING = 'NaN';
/** What scikit-learn's encoders call a missing text. */
const MISSING_TEXT = 'nan';

/**
 * The row that a reader wrote, with what is missing in it as the model calls it: NaN for a number, where the model has a code
 * for that, and the category of missing texts. Where the model has none, what was written stays, and the verifier refuses it
 * or says that it is unknown.
 *
 * @param record of the model; without one, nothing is known of its features
 */
export function withMissingValues(
  row: readonly RowValue[],
  record: AnyModelRecord | undefined,
): readonly RowValue[] {
  const input = record === undefined ? undefined : readingOf(record.interface).input;
  // A row of another length is refused by its length.
  if (input === undefined || featureCount(input) !== row.length) return row;
  return valuesOf(row, input);
}

function valuesOf(row: readonly RowValue[], input: InputReading): RowValue[] {
  return featuresOf(input).map(({ encoding, index }) => {
    const value = row[index] as RowValue;
    if (!isEmpty(value) && !isNaNWord(value)) return value;
    if (encoding.rounds !== 'never') return knows(encoding, MISSING) ? MISSING : value;
    return isEmpty(value) && !knows(encoding, '') && knows(encoding, MISSING_TEXT) ? MISSING_TEXT : value;
  });
}

/** A reader's JSON list may say null. */
const isEmpty = (value: RowValue | null): boolean => value === '' || value === null;
const isNaNWord = (value: RowValue): boolean => typeof value === 'string' && /^nan$/i.test(value);

/** Whether a text is one that the encoding gives back. */
function knows({ encode, decode }: PlacedFeature['encoding'], text: string): boolean {
  try {
    const value = decode(encode(text).integer);
    return value.kind === 'text' && value.text === text;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
