import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Refusal } from '@quietproof/verify';
import { BUNDLE_SUFFIX } from '@quietproof/verify/command/find-bundles';
import { kindOf, notRegular, unreadable } from '@quietproof/verify/command/read-source';
import { PRIVATE_FOLDER } from '../../bundle/batch-names.ts';

/** Something in a folder tree that is named like a record, or is neither a regular file nor a folder. */
export interface FoundEntry {
  readonly file: string;
  /** In its source, with `/`. */
  readonly path: string;
  readonly isRecord: boolean;
  /** Why it is not read. */
  readonly refused?: Refusal;
}

/**
 * The entries of a folder and of those in it, by name. Nothing is opened, and no link is followed, so that no tree is
 * without end. Hidden entries are left out, and folders of openings, which are private and hold no records.
 *
 * @throws the error of the system where it says nothing about a file, e.g. EMFILE
 */
export async function* entriesOf(folder: string, prefix = ''): AsyncGenerator<FoundEntry> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    yield { file: folder, path: prefix || '.', isRecord: false, refused: unreadable(folder, error) };
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const file = path.join(folder, entry.name);
    const inSource = `${prefix}${entry.name}`;
    const isRecord = entry.name.endsWith(BUNDLE_SUFFIX);
    if (entry.isDirectory() && !isRecord) {
      if (entry.name !== PRIVATE_FOLDER) yield* entriesOf(file, `${inSource}/`);
    } else if (!entry.isFile()) {
      const kind = entry.isSymbolicLink() ? 'a link, not followed' : (kindOf(entry) ?? 'no regular file');
      yield { file, path: inSource, isRecord, refused: notRegular(inSource, kind) };
    } else if (isRecord) yield { file, path: inSource, isRecord };
  }
}
