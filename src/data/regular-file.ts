import type { Stats } from 'node:fs';
import { constants, type FileHandle, open, stat } from 'node:fs/promises';
import { QuietproofError } from '../errors/quietproof-error.ts';

/**
 * Reads a whole regular file. Anything else, such as a named pipe or a device, is refused without waiting for data, and
 * a file above the limit before any memory is allocated for it.
 *
 * @throws QuietproofError QP4602 (too large), QP4603 (not a regular file); the system's errors
 */
export async function readRegularFile(file: string, maxBytes: number): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const info = await handle.stat();
    if (!info.isFile())
      throw new QuietproofError('QP4603', { where: file, fix: 'Put the file itself there' });
    if (info.size > maxBytes) {
      const what = `The file has ${info.size} bytes; such a file has at most ${maxBytes}`;
      throw new QuietproofError('QP4602', { what, where: file, fix: 'Check that it is the right file' });
    }
    return await readBytes(handle, info.size);
  } finally {
    await handle.close();
  }
}

/** At most `size` bytes: a file that grows meanwhile is cut, and its digest or its form shows it. */
async function readBytes(handle: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await handle.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** For a file that something else opens, by its path. @throws QuietproofError QP4602, QP4603; the system's errors */
export async function requireRegularFile(file: string, maxBytes = Number.POSITIVE_INFINITY): Promise<void> {
  requireSize(await stat(file), maxBytes, file);
}

function requireSize(info: Stats, maxBytes: number, file: string): void {
  if (!info.isFile()) throw new QuietproofError('QP4603', { where: file, fix: 'Put the file itself there' });
  if (info.size <= maxBytes) return;
  const what = `The file has ${info.size} bytes; such a file has at most ${maxBytes}`;
  throw new QuietproofError('QP4602', { what, where: file, fix: 'Check that it is the right file' });
}
