import type { RowValue } from '../encoding/feature-encoding.ts';
import type { InputReading } from '../interface/reading.ts';
import type { Decimal } from '../json/encoded-types.ts';
import { Refusal } from '../refusal.ts';
import { encodeRow, featureCount, featureName, featuresOf, inputWidths, parseRow } from './encode-row.ts';
import { inputDigest } from './input-digest.ts';

/** 128 bits. */
export const MAX_SALT = (1n << 128n) - 1n;

/** Steps. No value of a row that encodes to the proved integers is farther away. */
export const MAX_TOLERANCE = 0.5;

/** The members of an opening, of either version, that open the digest. */
export interface InputOpening {
  readonly digest: Decimal;
  readonly salt: Decimal;
  readonly values: readonly number[];
  readonly input?: readonly string[];
}

/** The input of a proof, as the circuit saw it. */
export interface OpenedInput {
  readonly values: readonly number[];
  /** The row of the caller, or else of the opening; it encodes to `values`. */
  readonly given?: GivenRow;
  /** Missing for a public input, which needs no opening. */
  readonly opening?: InputOpening;
}

export interface GivenRow {
  readonly row: readonly RowValue[];
  /** Distance of each value from the proved one, in steps. */
  readonly deviations: readonly number[];
}

/**
 * Opens a digest: the values of the opening must hash to it under the salt, and the row of the opening and the row of
 * the caller, if present, must encode to these values.
 *
 * @param digest the digest signal of the proof
 * @throws Refusal QP7603 (wrong opening), QP7604 (right opening, different row), QP7605 (the row cannot be encoded)
 */
export function openInput(
  input: InputReading,
  digest: bigint,
  opening: InputOpening,
  row?: readonly RowValue[],
): OpenedInput {
  const salt = BigInt(opening.salt);
  if (salt > MAX_SALT)
    throw new Refusal('QP7603', { what: 'The salt of the opening has more than 128 bits' });
  const { values } = opening;
  checkValues(input, values);
  const opened = inputDigest(values, inputWidths(input), salt);
  if (opened !== digest || BigInt(opening.digest) !== digest) throw new Refusal('QP7603');
  const own = opening.input === undefined ? undefined : ownRow(input, opening.input, values);
  const given = row === undefined ? own : requireRow(input, row, values);
  return { values, opening, ...(given !== undefined && { given }) };
}

/**
 * Requires that the row encodes to these values.
 *
 * @throws Refusal QP7604, naming the first feature that differs; QP7605
 */
export function requireRow(
  input: InputReading,
  row: readonly RowValue[],
  values: readonly number[],
): GivenRow {
  const encoded = encodeRow(input, row);
  const index = encoded.findIndex(({ integer }, i) => integer !== values[i]);
  if (index >= 0) throw new Refusal('QP7604', { where: `feature ${index}` });
  return { row, deviations: encoded.map(({ deviation }) => deviation) };
}

/**
 * Limits the distance of the row from the proved values. It can only make the check stricter: the row must encode to
 * the proved values in any case.
 *
 * @param tolerance steps, 0 to 0.5
 * @throws Refusal QP7607, naming the first feature beyond the tolerance; QP7608 if there is no row
 */
export function checkTolerance(input: InputReading, { given }: OpenedInput, tolerance: number): void {
  if (given === undefined) throw new Refusal('QP7608');
  const far = given.deviations.findIndex((deviation) => !(deviation <= tolerance));
  if (far < 0) return;
  const feature = featuresOf(input)[far];
  throw new Refusal('QP7607', {
    what: `A value of the row is ${given.deviations[far]} steps from the proved one, and the tolerance is ${tolerance}`,
    where: feature === undefined ? `feature ${far}` : featureName(feature),
  });
}

/** The row inside an opening. @throws Refusal QP7603 */
function ownRow(input: InputReading, texts: readonly string[], values: readonly number[]): GivenRow {
  try {
    return requireRow(input, parseRow(input, texts), values);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const what = 'The row in the opening does not encode to the values of the opening';
    throw new Refusal('QP7603', error.where === undefined ? { what } : { what, where: error.where });
  }
}

function checkValues(input: InputReading, values: readonly number[]): void {
  const fits =
    values.length === featureCount(input) &&
    featuresOf(input).every(({ encoding, index }) => (values[index] as number) <= encoding.max);
  if (!fits)
    throw new Refusal('QP7603', { what: 'The values of the opening do not fit the input of this model' });
}
