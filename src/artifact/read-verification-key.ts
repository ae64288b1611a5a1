import { parseJson, readVerificationKey, type VerificationKeyJson } from '@quietproof/verify';
import { FILE_LIMITS, unlessRefused } from './artifact-file.ts';
import { KEY_FILES } from './file-names.ts';

/** Reads verification-key.json: its form only. @throws QuietproofError QP4601 */
export function parseVerificationKey(source: Uint8Array): VerificationKeyJson {
  const name = KEY_FILES.verificationKey;
  return unlessRefused(name, () => readVerificationKey(parseJson(source, FILE_LIMITS[name]), ''));
}
