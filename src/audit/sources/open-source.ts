import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { AuditSource } from './audit-source.ts';
import { FolderSource } from './folder-source.ts';
import { LogUrlSource } from './log-url-source.ts';
import { BLOCK, readTarHeader } from './tar-header.ts';

/**
 * Opens what was named to an audit: a folder, an archive by what it begins with, or the URL of a log.
 *
 * @throws QP6602 for what is no source; QP6604 for a damaged archive; QP1002 for a path that does not exist
 */
export async function openSource(given: string): Promise<AuditSource> {
  if (/^https?:\/\//.test(given)) return new LogUrlSource(given);
  const found = await statOf(given);
  if (found.isDirectory()) return new FolderSource(given);
  const head = found.isFile() ? await beginningOf(given) : Buffer.alloc(0);
  if (isZip(head)) return (await import('./zip-source.ts')).ZipSource.open(given);
  const isPacked = head[0] === 0x1f && head[1] === 0x8b;
  if (isPacked || isTar(head)) return (await import('./tar-source.ts')).TarSource.open(given, isPacked);
  const fix = 'Name a folder, a zip, tar or tar.gz file, or the address of a log';
  throw new QuietproofError('QP6602', { where: given, fix });
}

/** @throws QP1002 if there is none; the error of the system */
async function statOf(given: string): Promise<Stats> {
  try {
    return await stat(given);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new QuietproofError('QP1002', {
      what: 'There is no such file or folder',
      where: given,
      fix: 'Check the path',
      cause,
    });
  }
}

async function beginningOf(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const head = Buffer.alloc(BLOCK);
    const { bytesRead } = await handle.read(head, 0, BLOCK, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** A file, or the end of an archive without any. */
function isZip(head: Buffer): boolean {
  return ['PK\x03\x04', 'PK\x05\x06'].includes(head.toString('latin1', 0, 4));
}

function isTar(head: Buffer): boolean {
  try {
    return head.length === BLOCK && readTarHeader(head) !== undefined;
  } catch {
    return false;
  }
}
