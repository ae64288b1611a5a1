import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** The BLAKE2b digest, in hex, by which a phase-1 file is known. Takes a second for each gigabyte. */
export async function phase1Digest(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('blake2b512');
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    signal?.throwIfAborted();
    hash.update(chunk as Uint8Array);
  }
  return hash.digest('hex');
}
