import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { keyId } from '@quietproof/verify';
import { KEPT_KEYS, KEY_FILES } from '../artifact/file-names.ts';
import { sha256 } from '../data/sha256.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { readZkey } from '../formats/zkey.ts';
import { verificationKeyOf } from '../key/key-points.ts';
import { keepDurably, makeFolder } from '../store/durable-file.ts';

/** What it takes to prove under the key again and to verify its proofs. The prover's cache can be rebuilt. */
const KEPT = [
  KEY_FILES.zkey,
  KEY_FILES.fold,
  KEY_FILES.verificationKey,
  KEY_FILES.setup,
  KEY_FILES.model,
] as const;

/**
 * Saves an artifact's key, before another replaces it, to `keys/<first 16 digits of the key id>/`.
 *
 * @returns the folder, relative to the artifact; undefined if there was no key
 * @throws QuietproofError QP8001, QP8002
 */
export async function keepKey(artifact: string): Promise<string | undefined> {
  const zkey = await readFile(path.join(artifact, KEY_FILES.zkey)).catch(() => undefined);
  if (zkey === undefined) return undefined;
  const kept = path.posix.join(KEPT_KEYS, nameOf(zkey));
  await makeFolder(path.join(artifact, kept));
  for (const name of KEPT) await keepDurably(path.join(artifact, name), path.join(artifact, kept, name));
  return kept;
}

/** A damaged key has no id, but is kept too. */
function nameOf(zkey: Uint8Array): string {
  try {
    return keyId(verificationKeyOf(readZkey(zkey))).slice(0, 16);
  } catch (error) {
    if (!(error instanceof QuietproofError)) throw error;
    return `unreadable-${sha256(zkey).slice(0, 16)}`;
  }
}
