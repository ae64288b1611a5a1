import type { OpeningV2 } from '@quietproof/verify';
import type { ProvingPolicy } from '@quietproof/verify/seal';
import { makeOpeningV2 } from '../../bundle/make-opening.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { ModelAnswerer } from '../../prove/model-answerer.ts';
import type { SealedRecord } from './store/answer-store.ts';

const RECEIPT_ID = /^[0-9a-f]{64}$/;
const RANDOMNESS_BYTES = 32;

/** Whether a receipt could have this id. */
export function isReceiptId(id: string): boolean {
  return RECEIPT_ID.test(id);
}

/**
 * Whether randomness of the caller can draw an answer: one whose policy draws, and that names no round of a beacon.
 *
 * @throws QP6558
 */
export function requireRevealable(
  randomness: Uint8Array,
  { sample }: ProvingPolicy,
  namesRound: boolean,
): void {
  if (randomness.length !== RANDOMNESS_BYTES) {
    throw new QuietproofError('QP6558', { what: 'Randomness of 32 bytes is needed' });
  }
  if (sample === undefined || namesRound) throw new QuietproofError('QP6558', {});
}

/** What opens the input of an answer; undefined where the input is public, or the record is erased. */
export async function openingOf(
  record: SealedRecord | undefined,
  answererOf: (modelId: string) => Promise<ModelAnswerer>,
): Promise<OpeningV2 | undefined> {
  if (record?.salt === undefined) return undefined;
  const { integers, input, salt, modelId } = record;
  const answerer = await answererOf(modelId);
  const parts = { values: integers, salt: BigInt(salt), ...(input !== undefined && { input }) };
  return makeOpeningV2(answerer.recordV2(), parts);
}
