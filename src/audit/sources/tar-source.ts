import { close, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';
import { MAX_RECEIPT, Refusal } from '@quietproof/verify';
import { type ArchivedFile, ArchiveIndex, unreadableEntry } from './archive-index.ts';
import { archivedKind, plainPath } from './archive-paths.ts';
import type { AuditSource, FoundEntry, FoundEvidence, ReadFile } from './audit-source.ts';
import { type ByteCursor, FileCursor, GunzipCursor } from './byte-cursor.ts';
import { unreadRest } from './found-entries.ts';
import { sha256OfFile } from './sha256-of-file.ts';
import { type TarEntry, tarEntries } from './tar-entries.ts';

const fs = { open: promisify(open), fstat: promisify(fstat), read: promisify(read), close: promisify(close) };

/** One byte more than any file a verifier accepts. */
const MOST = MAX_RECEIPT + 1;
/** What is kept of a packed archive beside its records, which can only be read from its beginning. */
const MOST_KEPT = 1 << 28;

const TYPES: Readonly<Record<string, string>> = {
  '1': 'a link, not followed',
  '2': 'a link, not followed',
  '3': 'a device',
  '4': 'a device',
  '6': 'a named pipe',
  S: 'a file with holes, not read',
};
const FOLDER = '5';
const REGULAR = new Set(['0', '7']);

/**
 * A tar file, read in place, or one in gzip's format, which is unpacked piece by piece into memory and never to disk. Of
 * the latter, what stands beside records is kept in memory, up to 256 MiB.
 */
export class TarSource implements AuditSource {
  readonly kind = 'archive';
  readonly name: string;
  sha256?: string;
  readonly #fd: number;
  readonly #size: number;
  readonly #isPacked: boolean;
  readonly #index = new ArchiveIndex();
  #isIndexed = false;

  private constructor(file: string, fd: number, size: number, isPacked: boolean) {
    [this.name, this.#fd, this.#size, this.#isPacked] = [file, fd, size, isPacked];
  }

  static async open(file: string, isPacked: boolean): Promise<TarSource> {
    const fd = await fs.open(file, 'r');
    return new TarSource(file, fd, (await fs.fstat(fd)).size, isPacked);
  }

  get evidence(): FoundEvidence {
    return this.#index.evidence;
  }

  /** Goes through the archive once before, because the record of a model may stand behind those that need it. */
  async *entries(): AsyncGenerator<FoundEntry> {
    if (!this.#isIndexed) {
      for await (const _ of this.#walk());
      this.sha256 = await sha256OfFile(this.name);
      this.#isIndexed = true;
    }
    yield* this.#walk();
  }

  async *#walk(): AsyncGenerator<FoundEntry> {
    this.#index.restart();
    const cursor = this.#isPacked ? new GunzipCursor(this.name) : new FileCursor(this.#fd, this.#size);
    let kept = 0;
    try {
      for await (const entry of tarEntries(cursor)) {
        if (entry.type === FOLDER) continue;
        const file = this.#isPacked ? await contentOf(cursor, entry) : this.#inPlace(entry);
        const found = this.#index.add(file);
        if (found !== undefined) yield found;
        if (this.#isPacked && archivedKind(plainPath(entry.path)) === 'companion') kept += entry.size;
        if (kept > MOST_KEPT)
          throw new Error('beside its records it has more than is kept: unpack it to a .tar first');
      }
    } catch (error) {
      yield unreadRest('.', unreadableEntry(this.name, (error as Error).message));
    } finally {
      await cursor.close();
    }
  }

  async file(inSource: string): Promise<ReadFile | undefined> {
    return this.#index.file(inSource);
  }

  async close(): Promise<void> {
    await fs.close(this.#fd);
  }

  #inPlace(entry: TarEntry): ArchivedFile {
    return {
      ...described(entry),
      read: async (inSource) => {
        if (entry.size >= MOST) return tooLarge(inSource);
        const content = Buffer.alloc(entry.size);
        const { bytesRead } = await fs.read(this.#fd, content, 0, entry.size, entry.start);
        return bytesRead === entry.size ? content : cutOff(inSource);
      },
    };
  }
}

/** What a packed archive has of an entry is read when it passes, if any check needs it. */
async function contentOf(cursor: ByteCursor, entry: TarEntry): Promise<ArchivedFile> {
  const kind = archivedKind(plainPath(entry.path));
  const isRead = (kind === 'record' || kind === 'companion') && entry.size < MOST && REGULAR.has(entry.type);
  const content = isRead ? await cursor.take(entry.size) : undefined;
  return {
    ...described(entry),
    read: async (inSource) => {
      if (content === undefined) return tooLarge(inSource);
      return content.length === entry.size ? content : cutOff(inSource);
    },
  };
}

function described({ path, type }: TarEntry): Pick<ArchivedFile, 'path' | 'special'> {
  return REGULAR.has(type) ? { path } : { path, special: TYPES[type] ?? 'no regular file' };
}

function tooLarge(inSource: string): Refusal {
  return new Refusal('QP7002', { where: `${inSource}: it is larger than any record` });
}

function cutOff(inSource: string): Refusal {
  return unreadableEntry(inSource, 'the archive ends before it does');
}
