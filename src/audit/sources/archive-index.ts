import { MAX_RECEIPT, Refusal } from '@quietproof/verify';
import { archivedKind, badPath, plainPath, printablePath } from './archive-paths.ts';
import type { FoundEntry, FoundEvidence, ReadFile } from './audit-source.ts';
import { EvidenceList, refusedEntry, unopenedArchive } from './found-entries.ts';

/** A file in an archive, and how it is read. */
export interface ArchivedFile {
  /** As it stands in the archive. */
  readonly path: string;
  /** What it is, if it is no regular file: `a link, not followed`. */
  readonly special?: string;
  /** Why its content cannot be read. */
  readonly unreadable?: string;
  /**
   * @param inSource its path in the source, for messages
   * @param most bytes, one more than the largest file that is read; default: one more than a verifier accepts
   */
  read(inSource: string, most?: number): Promise<ReadFile>;
  /** SHA-256 of the content, of whatever length, before the next file is asked for; undefined if it cannot be read. */
  digest(): Promise<string | undefined>;
}

/** One byte more than any file a verifier accepts. */
export const MOST = MAX_RECEIPT + 1;

type Read = () => Promise<ReadFile>;

/**
 * Which files of an archive an audit reads: every record once, and what stands beside records when a check asks for it. Of
 * two files with one path, only the first is taken: readers differ in which one they show.
 */
export class ArchiveIndex {
  readonly #evidence = new EvidenceList();
  readonly #companions = new Map<string, Read>();
  readonly #paths = new Set<string>();

  get evidence(): FoundEvidence {
    return this.#evidence;
  }

  /** Before the archive is read from its beginning again: what stands beside records is known from then on. */
  restart(): void {
    this.#paths.clear();
  }

  file(inSource: string): Promise<ReadFile> | undefined {
    return this.#companions.get(inSource)?.();
  }

  /** The entry that the file is for an audit; undefined if it is none. */
  add(file: ArchivedFile): FoundEntry | undefined {
    const inSource = plainPath(file.path);
    const shown = printablePath(inSource);
    const kind = archivedKind(inSource);
    if (file.special !== undefined)
      return refusedEntry(shown, kind === 'record', special(shown, file.special));
    if (kind === 'other') return undefined;
    if (kind === 'archive') return unopenedArchive(shown);
    const why =
      badPath(inSource) ?? (this.#paths.has(inSource) ? 'a file before it has its path' : file.unreadable);
    this.#paths.add(inSource);
    if (why === undefined) return this.#take(inSource, kind, () => file.read(inSource));
    if (kind === 'record')
      return { path: shown, isRecord: true, read: async () => unreadableEntry(shown, why) };
    return refusedEntry(shown, false, special(shown, why));
  }

  #take(inSource: string, kind: 'record' | 'companion', read: Read): FoundEntry | undefined {
    if (kind === 'record') return { path: inSource, isRecord: true, read };
    if (!this.#companions.has(inSource)) this.#evidence.add(inSource);
    this.#companions.set(inSource, read);
    return undefined;
  }
}

function special(inSource: string, what: string): Refusal {
  return new Refusal('QP7013', { where: `${inSource}: ${what}` });
}

export function tooLarge(inSource: string): Refusal {
  return new Refusal('QP7002', { where: `${inSource}: it is larger than any record` });
}

export function cutOff(inSource: string): Refusal {
  return unreadableEntry(inSource, 'the archive ends before it does');
}

/** Why a file of an archive was not read. */
export function unreadableEntry(inSource: string, why: string): Refusal {
  return new Refusal('QP7014', { where: `${inSource}: ${why}` });
}
