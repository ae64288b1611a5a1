import {
  encodeRow as encode,
  type FeatureValue,
  featuresOf,
  type InputReading,
  Refusal,
} from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';

/** A row of data and its index in the data file. */
export interface DataRow {
  readonly index: number;
  /** Flat, in the order of the model's input shape. */
  readonly values: ArrayLike<number>;
}

/** A row encoded as the circuit's input integers. */
export interface EncodedRow {
  readonly index: number;
  readonly integers: number[];
  /** The original row; missing if a value was clamped. */
  readonly input?: readonly number[];
}

/**
 * Encodes all rows as integers, before anything is proved.
 *
 * @param clamp clamp values outside the input range instead of refusing them
 * @throws QP6201 with the row and the feature
 */
export function encodeRows(input: InputReading, rows: readonly DataRow[], clamp: boolean): EncodedRow[] {
  const limits = clamp ? inputLimits(input) : undefined;
  return rows.map(({ index, values }) => {
    const given = Array.from(values);
    const row = limits === undefined ? given : clampRow(given, limits);
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

interface InputLimits {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

function inputLimits(input: InputReading): InputLimits {
  const limits = featuresOf(input).map(({ encoding: { decode, max } }) => [decode(0), decode(max)] as const);
  const number = (value: FeatureValue) => (value.kind === 'number' ? value.number : Number.NaN);
  return { low: limits.map(([low]) => number(low)), high: limits.map(([, high]) => number(high)) };
}

/** NaN stays NaN and is refused later. */
function clampRow(row: readonly number[], { low, high }: InputLimits): number[] {
  return row.map((x, i) => Math.min(Math.max(x, low[i]!), high[i]!));
}
