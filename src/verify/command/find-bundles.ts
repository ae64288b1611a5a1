import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Refusal } from '../index.ts';
import { isStdin, kindOf, notRegular, unreadable } from './read-source.ts';
import { UsageError } from './usage-error.ts';

export const BUNDLE_SUFFIX = '.proof.json';

/** A file to verify, or one in a folder that is named like a bundle and cannot be read. */
export interface FoundFile {
  readonly file: string;
  /** Named by the user, as opposed to found in a folder: then it may be a stream. */
  readonly named: boolean;
  readonly refused?: Refusal;
}

export interface FindOptions {
  /** Descend into folders. Links to folders are not followed, nor folders of openings or hidden ones entered. */
  readonly recursive?: boolean;
}

/** Folders that hold no bundles: openings are private. */
const PRIVATE_FOLDER = 'private';

/**
 * Expands folders to their bundles, sorted by name, and keeps everything else as it is named.
 *
 * @throws UsageError if a folder has no bundles; the error of the system for a path that does not exist
 */
export async function findBundles(paths: readonly string[], options: FindOptions = {}): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const given of paths) {
    if (isStdin(given) || !(await stat(given)).isDirectory()) found.push({ file: given, named: true });
    else found.push(...(await requireBundles(given, options)));
  }
  return found;
}

async function requireBundles(folder: string, options: FindOptions): Promise<FoundFile[]> {
  const found = await inFolder(folder, await readdir(folder, { withFileTypes: true }), options);
  if (found.length > 0) return found;
  const deeper = options.recursive ? '' : ', or add -r to search the folders in it';
  throw new UsageError('QP1002', {
    what: 'The folder contains no proof bundles',
    where: folder,
    fix: `Pass a *${BUNDLE_SUFFIX} file, or the folder that \`quietproof prove\` wrote${deeper}`,
  });
}

async function inFolder(folder: string, entries: Dirent[], options: FindOptions): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const folders: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const file = path.join(folder, entry.name);
    if (options.recursive && entry.isDirectory() && entry.name !== PRIVATE_FOLDER) folders.push(file);
    else if (entry.name.endsWith(BUNDLE_SUFFIX)) found.push(await foundFile(file, entry));
    else if (options.recursive && entry.isSymbolicLink()) found.push(...(await unfollowed(file)));
  }
  for (const deeper of folders) found.push(...(await subfolder(deeper, options)));
  return found;
}

async function subfolder(folder: string, options: FindOptions): Promise<FoundFile[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    return [{ file: folder, named: false, refused: unreadable(folder, error) }];
  }
  return inFolder(folder, entries, options);
}

/** Looks at what it is before anything is opened: opening a device may have effects of its own. */
async function foundFile(file: string, entry: Dirent): Promise<FoundFile> {
  if (entry.isFile()) return { file, named: false };
  try {
    const kind = kindOf(await stat(file));
    return kind === undefined
      ? { file, named: false }
      : { file, named: false, refused: notRegular(file, kind) };
  } catch (error) {
    return { file, named: false, refused: unreadable(file, error) };
  }
}

/** Names a link to a folder, which may lead in a circle; other links have nothing to do with proofs. */
async function unfollowed(file: string): Promise<FoundFile[]> {
  const isFolder = await stat(file).then(
    (target) => target.isDirectory(),
    () => false,
  );
  if (!isFolder) return [];
  return [{ file, named: false, refused: notRegular(file, 'a link to a folder, not followed') }];
}
