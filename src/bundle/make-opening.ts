import { randomBytes } from 'node:crypto';
import { inputDigest, inputWidths, type ModelRecord, type Opening } from '@quietproof/verify';

const SALT_BYTES = 16;

/** A fresh salt: 128 bits from the system's generator. One per row; without it a small input could be guessed. */
export function drawSalt(): bigint {
  return BigInt(`0x${randomBytes(SALT_BYTES).toString('hex')}`);
}

export interface OpeningParts {
  /** Position of the row in the data it came from. */
  readonly index: number;
  /** The row as the circuit sees it. */
  readonly values: readonly number[];
  readonly salt: bigint;
  /** The row as it was given; leave it out where it was clamped. */
  readonly input?: readonly number[];
}

/** What opens the digest of one proof, its digest computed. Private: it holds the row. */
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
