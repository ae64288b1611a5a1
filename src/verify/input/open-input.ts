import type { InputInterface } from '../interface/model-interface.ts';
import { Refusal } from '../refusal.ts';
import { encodeInput, featureCount, featureScale, inputWidths } from './encode-input.ts';
import { inputDigest } from './input-digest.ts';
import type { Opening } from './opening-types.ts';

/** A salt has 128 bits. */
export const MAX_SALT = (1n << 128n) - 1n;

/**
 * Opens a digest: the opening's values hash to it under the salt; the row, where one is given, encodes to these
 * values. Returns the values.
 *
 * @param digest the digest signal of the proof
 * @throws Refusal QP7603 (the opening is wrong), QP7604 (it is right, but for another row), QP7605 (the row cannot be
 * encoded)
 */
export function openInput(
  input: InputInterface,
  digest: bigint,
  opening: Opening,
  row?: readonly number[],
): readonly number[] {
  const salt = BigInt(opening.salt);
  if (salt > MAX_SALT)
    throw new Refusal('QP7603', { what: 'The salt of the opening has more than 128 bits' });
  checkValues(input, opening.values);
  const opened = inputDigest(opening.values, inputWidths(input), salt);
  if (opened !== digest || BigInt(opening.digest) !== digest) throw new Refusal('QP7603');
  if (opening.input !== undefined && !equal(encodeInput(input, opening.input.map(Number)), opening.values)) {
    throw new Refusal('QP7603', { what: 'The row in the opening is not the one its values encode' });
  }
  if (row !== undefined) requireRow(input, row, opening.values);
  return opening.values;
}

/** @throws Refusal QP7604, naming the first feature that differs; QP7605 */
export function requireRow(input: InputInterface, row: readonly number[], values: readonly number[]): void {
  const encoded = encodeInput(input, row);
  const index = encoded.findIndex((value, i) => value !== values[i]);
  if (index >= 0) throw new Refusal('QP7604', { where: `feature ${index}` });
}

function checkValues(input: InputInterface, values: readonly number[]): void {
  const fits =
    values.length === featureCount(input) && values.every((v, i) => v <= featureScale(input, i).max);
  if (!fits)
    throw new Refusal('QP7603', { what: 'The values of the opening do not fit the input of this model' });
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
