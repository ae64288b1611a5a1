import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Refusal } from '@quietproof/verify';
import { kindOf, notRegular, readFound, unreadable } from '@quietproof/verify/command/read-source';
import { PRIVATE_FOLDER } from '../../bundle/batch-names.ts';
import type { AuditSource, FoundEntry, FoundEvidence, ReadFile } from './audit-source.ts';
import { EvidenceList, isArchiveName, refusedEntry, unopenedArchive, unreadRest } from './found-entries.ts';
import { isRecordName } from './record-names.ts';

/** A folder and those in it. No link is followed, so that no tree is without end. */
export class FolderSource implements AuditSource {
  readonly kind = 'folder';
  readonly name: string;
  readonly #evidence = new EvidenceList();

  constructor(folder: string) {
    this.name = folder;
  }

  get evidence(): FoundEvidence {
    return this.#evidence;
  }

  /** Hidden entries are left out, and folders of openings, which are private and hold no records. */
  async *entries(): AsyncGenerator<FoundEntry> {
    this.#evidence.clear();
    yield* this.#entriesOf(this.name, '');
  }

  async file(inSource: string): Promise<ReadFile | undefined> {
    const file = path.join(this.name, inSource);
    const folder = path.dirname(file);
    // The folder of a record was entered, and is no link; one for openings could be one.
    const asked = path.basename(folder) === PRIVATE_FOLDER ? [folder, file] : [file];
    for (const one of asked) {
      const found = await linkOrMissing(one, inSource);
      if (found !== 'there') return found;
    }
    return readFound(file);
  }

  async close(): Promise<void> {}

  async *#entriesOf(folder: string, prefix: string): AsyncGenerator<FoundEntry> {
    let entries: Dirent[];
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      yield unreadRest(prefix || '.', unreadable(folder, error));
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue;
      const file = path.join(folder, entry.name);
      const inSource = `${prefix}${entry.name}`;
      const isRecord = isRecordName(entry.name);
      if (entry.isDirectory() && !isRecord) {
        if (entry.name !== PRIVATE_FOLDER) yield* this.#entriesOf(file, `${inSource}/`);
      } else if (!entry.isFile()) {
        const kind = entry.isSymbolicLink() ? 'a link, not followed' : (kindOf(entry) ?? 'no regular file');
        yield refusedEntry(inSource, isRecord, notRegular(inSource, kind));
      } else if (isRecord) yield { path: inSource, isRecord, file, read: () => readFound(file) };
      else if (isArchiveName(entry.name)) yield unopenedArchive(inSource);
      else this.#evidence.add(inSource);
    }
  }
}

/** Undefined for what is not there; why it is not read for a link. */
async function linkOrMissing(file: string, inSource: string): Promise<Refusal | 'there' | undefined> {
  try {
    const entry = await lstat(file);
    return entry.isSymbolicLink() ? notRegular(inSource, 'a link, not followed') : 'there';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return unreadable(file, error);
  }
}
