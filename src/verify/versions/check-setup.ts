import { decodeBase64 } from '../json/base64.ts';
import type { Hex } from '../json/encoded-types.ts';
import type { VerificationKeyJson } from '../key/key-types.ts';
import type { PreparedKey } from '../key/prepared-key.ts';
import { Refusal } from '../refusal.ts';
import { checkTranscript, type ShownChain } from '../transcript/check-transcript.ts';
import { TRANSCRIPT_TYPE } from '../transcript/transcript-types.ts';
import type { CeremonySetup } from '../v2/record-types.ts';
import type { AnyModelRecord } from './any-version.ts';

/** Of each key, the last transcript that was checked: it costs a few pairings per contribution. */
const checked = new WeakMap<PreparedKey, { readonly modelId: Hex; readonly found: ShownChain | Refusal }>();

/**
 * Checks what a record says of the making of its key. Its ids, its sidecars and its key must have been checked.
 *
 * @returns what the transcript shows, if the record carries one
 * @throws Refusal QP7106 (a setup without a contribution is not a ceremony), QP7180 to QP7190
 */
export function checkSetup(record: AnyModelRecord, key: PreparedKey): ShownChain | undefined {
  if (record.setup.kind === 'development') return undefined;
  if (!record.setup.contributions.some(({ kind }) => kind === 'contribution')) throw new Refusal('QP7106');
  if (record.version === 'quietproof/model/v1') return undefined;
  const { setup, ids, sidecars, verificationKey } = record;
  const transcript = sidecars?.transcript;
  if (transcript?.type !== TRANSCRIPT_TYPE) return undefined;
  const known = checked.get(key);
  // The model id fixes key, setup and, by its digest, the transcript.
  const found =
    known?.modelId === ids.modelId ? known.found : attempt(transcript.content, setup, verificationKey);
  checked.set(key, { modelId: ids.modelId, found });
  if (found instanceof Refusal) throw found;
  return found;
}

function attempt(
  content: string,
  setup: CeremonySetup,
  verificationKey: VerificationKeyJson,
): ShownChain | Refusal {
  try {
    return checkTranscript(decodeBase64(content), setup, verificationKey);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
