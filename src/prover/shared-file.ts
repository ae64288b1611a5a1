import { open } from 'node:fs/promises';

const CHUNK_BYTES = 16 * 2 ** 20;

/** Reads a whole file into shared memory. */
export async function readShared(file: string): Promise<SharedArrayBuffer> {
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
