import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder, writeError, writeTemporary } from './durable-file.ts';

/**
 * Writes files durably, replacing those of the same name; each is whole, old or new, at any moment. Folders that are
 * missing are created. Takes one sync per file, side by side, and one per folder.
 *
 * @throws QP8001–QP8008; some of the files may then be written
 */
export async function writeTogether(files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const folders = new Set(Array.from(files.keys(), (file) => path.dirname(file)));
  const created = await Promise.all(Array.from(folders, makeMissing));
  const written = await Promise.allSettled(
    Array.from(files, async ([file, content]) => ({
      file,
      temporary: await writeTemporary(file, content, 0o644),
    })),
  );
  const placed = written.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = written.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    await Promise.all(placed.map(({ temporary }) => rm(temporary, { force: true })));
    throw failed.reason;
  }
  await Promise.all(placed.map(place));
  for (const folder of new Set([...folders, ...created.flat()])) await syncFolder(folder);
}

async function place({ file, temporary }: { readonly file: string; readonly temporary: string }) {
  try {
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeError(error, file);
  }
}

/** @returns the folders whose entries are new: parents of those that had to be created */
async function makeMissing(folder: string): Promise<string[]> {
  try {
    const first = await mkdir(folder, { recursive: true });
    if (first === undefined) return [];
    const parents: string[] = [];
    for (let own = folder; own.length >= first.length; own = path.dirname(own))
      parents.push(path.dirname(own));
    return parents;
  } catch (error) {
    throw writeError(error, folder);
  }
}
