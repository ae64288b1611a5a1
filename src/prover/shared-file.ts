import { open } from 'node:fs/promises';
import { FILE_LIMITS } from '../artifact/artifact-file.ts';
import { KEY_FILES } from '../artifact/file-names.ts';
import { requireRegularFile } from '../data/regular-file.ts';

const CHUNK_BYTES = 16 * 2 ** 20;

/** Reads a whole regular file into shared memory. @throws QuietproofError QP4602, QP4603; the system's errors */
export async function readShared(file: string): Promise<SharedArrayBuffer> {
  await requireRegularFile(file, FILE_LIMITS[KEY_FILES.zkey]);
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const shared = new SharedArrayBuffer(size);
    const target = new Uint8Array(shared);
    const chunk = new Uint8Array(Math.min(size, CHUNK_BYTES));
    for (let at = 0; at < size; ) {
      const { bytesRead } = await handle.read(chunk, 0, Math.min(chunk.length, size - at), at);
      if (bytesRead === 0) throw new Error(`${file} was truncated while it was read`);
      target.set(chunk.subarray(0, bytesRead), at);
      at += bytesRead;
    }
    return shared;
  } finally {
    await handle.close();
  }
}
