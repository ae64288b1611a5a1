import { randomBytes } from 'node:crypto';
import { inputDigest, inputWidths, type ModelRecord, type Opening } from '@quietproof/verify';

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
  readonly input?: readonly number[];
}

/** The opening of one proof's input digest. Private, since it contains the row. */
export function makeOpening(model: ModelRecord, parts: OpeningParts): Opening {
  const { values, salt, input } = parts;
  return {
    version: 'quietproof/opening/v1',
    modelId: model.ids.modelId,
    row: { index: parts.index },
    digest: inputDigest(values, inputWidths(model.interface.input), salt).toString(),
    salt: salt.toString(),
    values,
    ...(input !== undefined && { input: input.map(String) }),
  };
}
