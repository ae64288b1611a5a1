import { type FileHandle, open } from 'node:fs/promises';
import { type Recalled, recallDigest } from '../store/known-digest.ts';
import type { NativeKey, NativeKeyOptions } from './native-binding.ts';

/** Digests of a key's files that need not be computed again. */
export type KnownKey = Pick<NativeKeyOptions, 'knownSource' | 'knownContent'>;

/**
 * Loads a key, without hashing those of its files that the system shows as unchanged since they were hashed: of LeNet's
 * key, that is 200 MB, and most of the time that loading takes.
 *
 * Why this cannot let a wrong key make a proof that is accepted. Both digests only select a converted key and tell of
 * damage in it; whatever is loaded, two checks do not depend on them. Its verification key is compared with the artifact's
 * (`requireSameKey`), and each proof is verified, in the thread that made it, under that verification key. A converted key
 * that belongs to another .zkey or is damaged thus gives QP6103, another error, or proofs that are refused as QP6003.
 * Verifiers load no proving key at all.
 *
 * @param zkey the .zkey file; `converted`, the file beside it in the prover's layout, may be missing
 */
export async function loadUnchanged(
  zkey: string,
  converted: string,
  load: (known: KnownKey) => Promise<NativeKey>,
): Promise<NativeKey> {
  const handles = await Promise.all([zkey, converted].map((file) => open(file).catch(() => undefined)));
  try {
    const [source, content] = await Promise.all([
      recalled(handles[0], 'zkey'),
      recalled(handles[1], 'prover-key'),
    ]);
    const key = await load({
      ...(source?.digest !== undefined && { knownSource: source.digest }),
      ...(content?.digest !== undefined && { knownContent: content.digest }),
    });
    await source?.remember(key.sourceDigest);
    // A file that was just made in its place is another one, of which nothing is remembered yet.
    await content?.remember(key.contentDigest);
    return key;
  } finally {
    await Promise.all(handles.map((handle) => handle?.close()));
  }
}

async function recalled(handle: FileHandle | undefined, key: string): Promise<Recalled | undefined> {
  return handle === undefined ? undefined : recallDigest(handle, key);
}
