import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { keyId } from '@quietproof/verify';
import { KEPT_KEYS, KEY_FILES } from '../artifact/file-names.ts';
import { keepDurably, makeFolder } from '../data/durable-file.ts';
import { sha256 } from '../data/sha256.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { readZkey } from '../formats/zkey.ts';
import { verificationKeyOf } from '../key/key-points.ts';

/** With these proving can go on under the key, and its proofs be explained; the prover's cache is made again. */
const KEPT = [
  KEY_FILES.zkey,
  KEY_FILES.fold,
  KEY_FILES.verificationKey,
  KEY_FILES.setup,
  KEY_FILES.model,
] as const;

/**
 * Keeps an artifact's key under its id before another takes its place: `keys/<first 16 digits of the key id>/`.
 *
 * @returns the folder, in the artifact; undefined where there was no key
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

/** A damaged key has no id, and is kept all the same. */
function nameOf(zkey: Uint8Array): string {
  try {
    return keyId(verificationKeyOf(readZkey(zkey))).slice(0, 16);
  } catch (error) {
    if (!(error instanceof QuietproofError)) throw error;
    return `unreadable-${sha256(zkey).slice(0, 16)}`;
  }
}
