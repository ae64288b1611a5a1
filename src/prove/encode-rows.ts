import {
  encodeRow as encode,
  type FeatureValue,
  featuresOf,
  type InputInterface,
  type InputReading,
  Refusal,
  readingOfInputV1,
} from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';

/** A row of data and its place in the file it came from. */
export interface DataRow {
  readonly index: number;
  /** Flat, in the order of the model's input shape. */
  readonly values: ArrayLike<number>;
}

/** A row as the circuit sees it. */
export interface EncodedRow {
  readonly index: number;
  readonly integers: number[];
  /** The row as it was given; missing where a value was clamped. */
  readonly input?: readonly number[];
}

/**
 * Rows as integers, all of them before anything is proved.
 *
 * @param clamp bring values outside the input range to its ends instead of refusing them
 * @throws QP6201 naming row and feature
 */
export function encodeRows(face: InputInterface, rows: readonly DataRow[], clamp: boolean): EncodedRow[] {
  const input = readingOfInputV1(face);
  const ends = clamp ? inputEnds(input) : undefined;
  return rows.map(({ index, values }) => {
    const given = Array.from(values);
    const row = ends === undefined ? given : clampRow(given, ends);
    const integers = encodeRow(input, row, index);
    return { index, integers, ...(row.every((x, i) => x === given[i]) && { input: given }) };
  });
}

function encodeRow(input: InputReading, row: readonly number[], index: number): number[] {
  try {
    return encode(input, row).map(({ integer }) => integer);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const outside = error.where !== undefined;
    throw new QuietproofError('QP6201', {
      what: error.what,
      where: outside ? `row ${index}, ${error.where}` : `row ${index}`,
      ...(outside && { fix: 'Leave the row out, calibrate on data that covers it, or pass --clamp-inputs' }),
      cause: error,
    });
  }
}

interface InputEnds {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

function inputEnds(input: InputReading): InputEnds {
  const ends = featuresOf(input).map(({ encoding: { decode, max } }) => [decode(0), decode(max)] as const);
  const end = (value: FeatureValue) => (value.kind === 'number' ? value.number : Number.NaN);
  return { low: ends.map(([low]) => end(low)), high: ends.map(([, high]) => end(high)) };
}

/** NaN stays: it is nothing that could be brought into a range. */
function clampRow(row: readonly number[], { low, high }: InputEnds): number[] {
  return row.map((x, i) => Math.min(Math.max(x, low[i]!), high[i]!));
}
