import {
  type EncodedValue,
  encodeRow as encode,
  type FeatureValue,
  featureName,
  featuresOf,
  type InputReading,
  Refusal,
  type RowValue,
} from '@quietproof/verify';
import type { QuantizationRecord } from '../artifact/artifact-manifest.ts';
import { rowSpecOf } from '../artifact/row-spec.ts';
import { isUnknown, rowValue } from '../data/row-value.ts';
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
  /** The original row; missing if a value was clamped, or where a text is none of the categories. */
  readonly input?: readonly RowValue[];
  /** Whether nothing was clamped, but a text is none of the categories: which text, rows of data do not keep. */
  readonly hasUnknownText?: boolean;
}

/** Largest distance from a declared grid, in steps: enough for float32 rounding, too small for another value. */
const GRID_TOLERANCE = 1e-3;

/**
 * Encodes all rows as integers, before anything is proved.
 *
 * @param clamp clamp values outside the input range instead of refusing them
 * @param grid by feature, or once for all: where a card declares one, values off it are refused instead of rounded to it
 * @throws QP6201, or QP1117 for a value off its grid, with the row and the feature
 */
export function encodeRows(
  input: InputReading,
  rows: readonly DataRow[],
  clamp: boolean,
  grid: QuantizationRecord['grid'] = 'none',
): EncodedRow[] {
  const limits = clamp ? inputLimits(input) : undefined;
  const { accepts = [] } = rowSpecOf(input);
  const textsOf = (row: readonly number[]) => row.map((value, i) => rowValue(value, accepts[i]));
  return rows.map(({ index, values }) => {
    const given = Array.from(values);
    const row = limits === undefined ? given : clampRow(given, limits);
    const integers = integersOf(input, textsOf(row), index, grid);
    const isGiven = row.every((x, i) => Object.is(x + 0, given[i]! + 0));
    const hasUnknownText = row.some((x, i) => isUnknown(x, accepts[i]));
    if (!isGiven) return { index, integers };
    return { index, integers, ...(hasUnknownText ? { hasUnknownText } : { input: textsOf(given) }) };
  });
}

/**
 * Encodes one row as it was given, texts included.
 *
 * @param index names the row in messages
 * @throws QP6201, QP1117 as for `encodeRows`
 */
export function encodeGivenRow(
  input: InputReading,
  row: readonly RowValue[],
  index: number,
  grid: QuantizationRecord['grid'] = 'none',
): EncodedRow & Required<Pick<EncodedRow, 'input'>> {
  return { index, integers: integersOf(input, row, index, grid), input: row };
}

function integersOf(
  input: InputReading,
  row: readonly RowValue[],
  index: number,
  grid: NonNullable<QuantizationRecord['grid']>,
): number[] {
  const isDeclared = (i: number) => (typeof grid === 'string' ? grid : grid[i]) === 'declared';
  return encodeRow(input, row, index).map(({ integer, deviation }, i) => {
    if (isDeclared(i) && Math.abs(deviation) > GRID_TOLERANCE) throw offGrid(input, Number(row[i]), i, index);
    return integer;
  });
}

function offGrid(input: InputReading, value: number, i: number, index: number): QuietproofError {
  const feature = featuresOf(input)[i]!;
  const near = feature.encoding.decode(feature.encoding.encode(value).integer);
  const nearest = near.kind === 'number' ? `, of which ${near.number} is the nearest` : '';
  return new QuietproofError('QP1117', {
    what: `${value} is none of the values that the card declares${nearest}`,
    where: `row ${index}, ${featureName(feature)}`,
    fix: "Round the data as the card says, or compile with a card without this feature's step",
  });
}

function encodeRow(input: InputReading, row: readonly RowValue[], index: number): EncodedValue[] {
  try {
    return encode(input, row);
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

/** Features without limits in the reals keep what they have: the rank of a float32 has none. */
function inputLimits(input: InputReading): InputLimits {
  const limits = featuresOf(input).map(({ encoding: { decode, max } }) => [decode(0), decode(max)] as const);
  const number = (value: FeatureValue, otherwise: number) =>
    value.kind === 'number' ? value.number : otherwise;
  return {
    low: limits.map(([low]) => number(low, Number.NEGATIVE_INFINITY)),
    high: limits.map(([, high]) => number(high, Number.POSITIVE_INFINITY)),
  };
}

/** NaN stays NaN; a feature that does not accept it refuses it later. */
function clampRow(row: readonly number[], { low, high }: InputLimits): number[] {
  return row.map((x, i) => {
    // A double beyond the float32 numbers is the infinity that it is rounded to.
    const isUnlimited = high[i]! === Number.POSITIVE_INFINITY;
    if (isUnlimited) return Number.isFinite(Math.fround(x)) ? x : Math.fround(x);
    return Math.min(Math.max(x, low[i]!), high[i]!);
  });
}
