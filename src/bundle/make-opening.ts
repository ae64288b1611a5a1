import { randomBytes } from 'node:crypto';
import {
  type AnyModelRecord,
  inputDigest,
  inputWidths,
  type ModelRecord,
  type ModelRecordV2,
  type Opening,
  type OpeningV2,
  type RowValue,
  readingOf,
} from '@quietproof/verify';

const SALT_BYTES = 16;

/** A fresh 128-bit salt from the system's random generator, one per row. Without it a small input could be guessed. */
export function drawSalt(): bigint {
  return BigInt(`0x${randomBytes(SALT_BYTES).toString('hex')}`);
}

export interface OpeningParts {
  /** Index of the row in its data file. */
  readonly index: number;
  /** The encoded row, one integer per feature. */
  readonly values: readonly number[];
  readonly salt: bigint;
  /** The original row; omitted if a value was clamped. */
  readonly input?: readonly RowValue[];
  /** The input's digest, where it is known: a proof states it. Default: computed. */
  readonly digest?: string;
}

export interface OpeningPartsV2 {
  /** Position of the row in the data it came from. */
  readonly index?: number;
  /** The row as the circuit sees it. */
  readonly values: readonly number[];
  readonly salt: bigint;
  /** The row as it was given, numbers and texts; leave it out where it was clamped. */
  readonly input?: readonly RowValue[];
  /** The input's digest, where it is known: a proof states it. Default: computed. */
  readonly digest?: string;
}

/** The v1 opening of one proof's input digest. Private, since it contains the row. */
export function makeOpening(model: ModelRecord, { index, input, ...parts }: OpeningParts): Opening {
  return {
    version: 'quietproof/opening/v1',
    ...openingOf(model, parts),
    row: { index },
    ...(input !== undefined && { input: input.map(String) }),
  };
}

/** The opening of one proof's input digest. Private, since it contains the row. */
export function makeOpeningV2(model: ModelRecordV2, { index, input, ...parts }: OpeningPartsV2): OpeningV2 {
  return {
    version: 'quietproof/opening/v2',
    ...openingOf(model, parts),
    ...(index !== undefined && { row: { index } }),
    // −0 is written as 0: the two are one value to every encoding.
    ...(input !== undefined && { input: input.map(String) }),
  };
}

function openingOf(
  model: AnyModelRecord,
  { values, salt, digest }: Pick<OpeningParts, 'values' | 'salt' | 'digest'>,
) {
  const computed = () => inputDigest(values, inputWidths(readingOf(model.interface).input), salt).toString();
  return { modelId: model.ids.modelId, digest: digest ?? computed(), salt: salt.toString(), values };
}
