import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { sha256 } from '../data/sha256.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { environmentError } from '../errors/system-error.ts';

/** Larger models cannot be proved, so the decoder never sees them. */
const MAX_BYTES = 512 * 2 ** 20;

/**
 * Reads a whole regular file of at most 512 MiB.
 *
 * @throws QuietproofError QP1002 if it cannot be read, QP2003 if it is too large
 */
export async function readModelFile(path: string): Promise<Buffer> {
  const where = basename(path);
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new QuietproofError('QP1002', { what: 'this is not a file', where });
    if (info.size > MAX_BYTES) throw tooLarge(where, info.size);
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof QuietproofError) throw cause;
    const known = environmentError(cause, path);
    if (known !== undefined) throw known;
    const { code = 'unknown reason' } = cause as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new QuietproofError('QP1002', {
      what: isMissing ? 'There is no such file' : `the file cannot be read: ${code}`,
      where: isMissing ? path : where,
      fix: isMissing ? 'Check the path' : 'Check its permissions',
      cause,
    });
  }
}

function tooLarge(where: string, bytes: number): QuietproofError {
  const what = `the file has ${Math.round(bytes / 2 ** 20)} MiB; at most 512 can be read`;
  return new QuietproofError('QP2003', { what, where, fix: 'Only small models can be proved' });
}

/**
 * Identifies a model by its files: the sha256 of a single file, or the sha256 of the concatenated 32-byte digests of
 * several. Lower-case hex.
 */
export function hashModelFiles(files: readonly Uint8Array[]): string {
  const digests = files.map((file) => createHash('sha256').update(file).digest());
  if (digests.length === 1) return digests[0]!.toString('hex');
  return sha256(Buffer.concat(digests));
}

/** The model's name, safe as a file name: from the file, or from the folder if the file is just called `model`. */
export function modelNameOf(path: string, folder: string): string {
  const stem = basename(path).replace(/\.[^.]*$/, '');
  return fileSafe(stem === 'model' || stem === '' ? basename(folder) : stem);
}

/** A name as a file can have it. */
export function fileSafe(wanted: string): string {
  const safe = wanted.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '');
  return safe === '' ? 'model' : safe;
}
