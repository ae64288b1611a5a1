import { createHash } from 'node:crypto';
import { close, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { type Entry, fromFdPromise, getFileNameLowLevel, type ZipFile } from 'yauzl';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { type ArchivedFile, cutOff, MOST, tooLarge, unreadableEntry } from './archive-index.ts';
import type { ReadFile } from './audit-source.ts';
import { IndexedSource } from './indexed-source.ts';
import { specialMode } from './special-mode.ts';

const fs = { open: promisify(open), fstat: promisify(fstat), read: promisify(read), close: promisify(close) };
const inflate = promisify(inflateRaw) as (data: Uint8Array, options: object) => Promise<Buffer>;

const STORED = 0;
const DEFLATED = 8;
const SLASH = 0x2f;
/** The system that wrote the modes of files, in the upper byte of `versionMadeBy`. */
const UNIX = 3;

/**
 * A zip file, read in place: the directory at its end says where files are. No file is unpacked further than any record is
 * long, and files whose data overlap are refused, so that no small archive takes a long time.
 */
export class ZipSource extends IndexedSource {
  readonly #fd: number;
  readonly #size: number;

  private constructor(file: string, fd: number, size: number) {
    super(file);
    [this.#fd, this.#size] = [fd, size];
  }

  /** @throws QP6604 if it has no directory; the error of the system */
  static async open(file: string): Promise<ZipSource> {
    const fd = await fs.open(file, 'r');
    const source = new ZipSource(file, fd, (await fs.fstat(fd)).size);
    try {
      await source.#directory();
    } catch (cause) {
      await source.close();
      throw new QuietproofError('QP6604', { where: file, cause, fix: 'Have the archive sent again' });
    }
    return source;
  }

  async *walk(): AsyncGenerator<ArchivedFile> {
    const directory = await this.#directory();
    let data = 0;
    for await (const entry of directory.eachEntry()) {
      data += entry.compressedSize;
      if (data > this.#size) throw new Error('the data of its files overlap');
      if (entry.fileNameRaw.at(-1) !== SLASH) yield this.#fileOf(directory, entry);
    }
  }

  async close(): Promise<void> {
    await fs.close(this.#fd);
  }

  /** Names and sizes are checked one by one: a bad one must not keep the others from being read. */
  #directory(): Promise<ZipFile> {
    const options = { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: false };
    return fromFdPromise(this.#fd, options);
  }

  #fileOf(directory: ZipFile, entry: Entry): ArchivedFile {
    const { generalPurposeBitFlag, extraFields, compressionMethod, versionMadeBy } = entry;
    const mode = versionMadeBy >> 8 === UNIX ? entry.externalFileAttributes >>> 16 : 0;
    const special = specialMode(mode);
    const isKnown = compressionMethod === STORED || compressionMethod === DEFLATED;
    const unreadable = entry.isEncrypted()
      ? 'it is encrypted'
      : isKnown
        ? undefined
        : `it is compressed in a way that is not known (${compressionMethod})`;
    return {
      path: getFileNameLowLevel(generalPurposeBitFlag, entry.fileNameRaw, extraFields, true),
      ...(special !== undefined && { special }),
      ...(unreadable !== undefined && { unreadable }),
      read: (inSource, most = MOST) => this.#read(directory, entry, inSource, most),
      digest: () => digestOf(directory, entry),
    };
  }

  async #read(directory: ZipFile, entry: Entry, inSource: string, most: number): Promise<ReadFile> {
    const { compressedSize, compressionMethod, uncompressedSize } = entry;
    if (Math.max(compressedSize, uncompressedSize) >= most) return tooLarge(inSource);
    try {
      const { fileDataStart } = await directory.readLocalFileHeaderPromise(entry, { minimal: true });
      const data = Buffer.alloc(compressedSize);
      const { bytesRead } = await fs.read(this.#fd, data, 0, compressedSize, fileDataStart);
      if (bytesRead < compressedSize) return cutOff(inSource);
      const content = compressionMethod === DEFLATED ? await inflate(data, { maxOutputLength: most }) : data;
      const isWhole = content.length === uncompressedSize && crc32(content) === entry.crc32;
      return isWhole ? content : unreadableEntry(inSource, 'it is not what its checksum is of');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(inSource);
      return unreadableEntry(inSource, (error as Error).message);
    }
  }
}

async function digestOf(directory: ZipFile, entry: Entry): Promise<string | undefined> {
  try {
    const hash = createHash('sha256');
    for await (const chunk of await directory.openReadStreamPromise(entry)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}
