import { createHash } from 'node:crypto';
import { close, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';
import { type ArchivedFile, cutOff, MOST, tooLarge } from './archive-index.ts';
import { archivedKind, plainPath } from './archive-paths.ts';
import { type ByteCursor, FileCursor, GunzipCursor } from './byte-cursor.ts';
import { IndexedSource } from './indexed-source.ts';
import { MANIFEST_FILE, MOST_MANIFEST } from './packed-manifest.ts';
import { type TarEntry, tarEntries } from './tar-entries.ts';

const fs = { open: promisify(open), fstat: promisify(fstat), read: promisify(read), close: promisify(close) };

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
/** Bytes that are digested together. */
const CHUNK = 1 << 18;
const FOLDER = '5';
const REGULAR = new Set(['0', '7']);

/**
 * A tar file, read in place, or one in gzip's format, which is unpacked piece by piece into memory and never to disk. Of
 * the latter, what stands beside records is kept in memory, up to 256 MiB.
 */
export class TarSource extends IndexedSource {
  readonly #fd: number;
  readonly #size: number;
  readonly #isPacked: boolean;

  private constructor(file: string, fd: number, size: number, isPacked: boolean) {
    super(file);
    [this.#fd, this.#size, this.#isPacked] = [fd, size, isPacked];
  }

  static async open(file: string, isPacked: boolean): Promise<TarSource> {
    const fd = await fs.open(file, 'r');
    return new TarSource(file, fd, (await fs.fstat(fd)).size, isPacked);
  }

  async *walk(): AsyncGenerator<ArchivedFile> {
    const cursor = this.#isPacked ? new GunzipCursor(this.name) : new FileCursor(this.#fd, this.#size);
    let kept = 0;
    try {
      for await (const entry of tarEntries(cursor)) {
        if (entry.type === FOLDER) continue;
        yield this.#isPacked ? await contentOf(cursor, entry) : this.#inPlace(entry);
        if (this.#isPacked && archivedKind(plainPath(entry.path)) === 'companion') kept += entry.size;
        if (kept > MOST_KEPT)
          throw new Error('beside its records it has more than is kept: unpack it to a .tar first');
      }
    } finally {
      await cursor.close();
    }
  }

  async close(): Promise<void> {
    await fs.close(this.#fd);
  }

  #inPlace(entry: TarEntry): ArchivedFile {
    return {
      ...described(entry),
      read: async (inSource, most = MOST) => {
        if (entry.size >= most) return tooLarge(inSource);
        const content = Buffer.alloc(entry.size);
        const { bytesRead } = await fs.read(this.#fd, content, 0, entry.size, entry.start);
        return bytesRead === entry.size ? content : cutOff(inSource);
      },
      digest: async () => {
        const cursor = new FileCursor(this.#fd, Math.min(entry.start + entry.size, this.#size));
        await cursor.skip(entry.start);
        return digestOf(cursor, entry.size);
      },
    };
  }
}

/** What a packed archive has of an entry is read when it passes, if any check needs it. */
async function contentOf(cursor: ByteCursor, entry: TarEntry): Promise<ArchivedFile> {
  const content = isRead(entry) ? await cursor.take(entry.size) : undefined;
  return {
    ...described(entry),
    read: async (inSource) => {
      if (content === undefined) return tooLarge(inSource);
      return content.length === entry.size ? content : cutOff(inSource);
    },
    digest: async () => {
      if (content === undefined) return digestOf(cursor, entry.size);
      return content.length === entry.size ? createHash('sha256').update(content).digest('hex') : undefined;
    },
  };
}

function isRead({ path, size, type }: TarEntry): boolean {
  if (!REGULAR.has(type)) return false;
  if (plainPath(path) === MANIFEST_FILE) return size < MOST_MANIFEST;
  const kind = archivedKind(plainPath(path));
  return (kind === 'record' || kind === 'companion') && size < MOST;
}

async function digestOf(cursor: ByteCursor, size: number): Promise<string | undefined> {
  const hash = createHash('sha256');
  for (let left = size; left > 0; ) {
    const chunk = await cursor.take(Math.min(left, CHUNK));
    if (chunk.length === 0) return undefined;
    hash.update(chunk);
    left -= chunk.length;
  }
  return hash.digest('hex');
}

function described({ path, type }: TarEntry): Pick<ArchivedFile, 'path' | 'special'> {
  return REGULAR.has(type) ? { path } : { path, special: TYPES[type] ?? 'no regular file' };
}
