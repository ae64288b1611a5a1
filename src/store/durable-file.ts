import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { systemError } from '../errors/system-error.ts';

/** Temporary files, left behind if a process dies while writing: `.<name>.<8 hex digits>.tmp`. */
const TEMPORARY = /^\..+\.[0-9a-f]{8}\.tmp$/;

/**
 * Writes a file atomically, so that even after a power failure it is complete or absent: writes and syncs a temporary
 * file in the same folder, then renames it to the target.
 *
 * @param mode permissions of the file, also while it is temporary
 * @throws QP8001 if the disk is full, QP8002–QP8008 if the file cannot be written; the temporary file is removed
 */
export async function writeDurably(file: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const temporary = await writeTemporary(file, content, mode);
  try {
    await rename(temporary, file);
    await syncFolder(path.dirname(file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeError(error, file);
  }
}

function temporaryFor(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(4).toString('hex')}.tmp`);
}

/**
 * Writes and syncs a temporary file beside its target.
 *
 * @returns its path
 * @throws as `writeDurably` does
 */
export async function writeTemporary(
  file: string,
  content: string | Uint8Array,
  mode: number,
): Promise<string> {
  const temporary = temporaryFor(file);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return temporary;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw writeError(error, file);
  }
}

/**
 * Writes a file as `writeDurably` does, from a stream of which it holds little in memory.
 *
 * @returns its size in bytes
 * @throws as `writeDurably` does; the error of the stream, if that fails
 */
export async function writeStreamDurably(
  file: string,
  content: AsyncIterable<Uint8Array>,
  mode = 0o644,
): Promise<number> {
  const temporary = temporaryFor(file);
  try {
    const handle = await open(temporary, 'wx', mode);
    let size = 0;
    try {
      for await (const chunk of content) {
        await handle.writeFile(chunk);
        size += chunk.length;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(path.dirname(file));
    return size;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw writeError(error, file);
  }
}

/**
 * Gives a temporary file its name, unless there is a file of that name: of several processes, one succeeds. Without hard
 * links on the file system, this holds only as long as no other process writes there.
 *
 * @returns whether it has the name now; the temporary name is gone either way
 * @throws as `writeDurably` does
 */
export async function placeTemporary(temporary: string, file: string): Promise<boolean> {
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.has(code)) throw writeError(error, file);
    if ((await stat(file).catch(() => undefined)) !== undefined) return false;
    await rename(temporary, file).catch((cause: unknown) => {
      throw writeError(cause, file);
    });
    return true;
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/**
 * Gives a file a second name, so that it stays when another file takes the first name; copies it where the file system
 * has no hard links. Does nothing if the file does not exist.
 *
 * @throws QP8001, QP8002
 */
export async function keepDurably(file: string, kept: string): Promise<void> {
  try {
    await rm(kept, { force: true });
    await link(file, kept);
    await syncFolder(path.dirname(kept));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT') return;
    if (!NO_LINKS.has(code)) throw writeError(error, kept);
    await writeDurably(kept, await readFile(file));
  }
}

const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK']);

/** Creates a folder and its missing parents. @throws QP8001, QP8002 */
export async function makeFolder(folder: string, mode = 0o755): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode });
  } catch (error) {
    throw writeError(error, folder);
  }
}

/** Whether a name is that of a temporary file. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/** Removes the temporary files that killed processes left in a folder. */
export async function removeTemporaries(folder: string): Promise<void> {
  const names = await readdir(folder);
  await Promise.all(names.filter(isTemporary).map((name) => rm(path.join(folder, name), { force: true })));
}

/** A rename is durable after its folder is synced. Windows cannot open folders and does not need this. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Turns a system error from writing into one with a code and a fix; anything else is returned as it is. */
export function writeError(error: unknown, where: string): unknown {
  const known = systemError(error, { access: 'write', where });
  if (known !== undefined) return known;
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return error;
  if (error instanceof QuietproofError) return error;
  return new QuietproofError('QP8002', {
    what: `A file cannot be written: ${error.code}`,
    where,
    fix: 'Check that the folder exists and that you may write to it',
    cause: error,
  });
}
