import { close, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { MAX_RECEIPT, Refusal } from '@quietproof/verify';
import { type Entry, fromFdPromise, getFileNameLowLevel, type ZipFile } from 'yauzl';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { type ArchivedFile, ArchiveIndex, unreadableEntry } from './archive-index.ts';
import type { AuditSource, FoundEntry, FoundEvidence, ReadFile } from './audit-source.ts';
import { unreadRest } from './found-entries.ts';
import { sha256OfFile } from './sha256-of-file.ts';
import { specialMode } from './special-mode.ts';

const fs = { open: promisify(open), fstat: promisify(fstat), read: promisify(read), close: promisify(close) };
const inflate = promisify(inflateRaw) as (data: Uint8Array, options: object) => Promise<Buffer>;

/** One byte more than any file a verifier accepts. */
const MOST = MAX_RECEIPT + 1;
const STORED = 0;
const DEFLATED = 8;
const SLASH = 0x2f;
/** The system that wrote the modes of files, in the upper byte of `versionMadeBy`. */
const UNIX = 3;

/**
 * A zip file, read in place: the directory at its end says where files are. No file is unpacked further than any record is
 * long, and files whose data overlap are refused, so that no small archive takes a long time.
 */
export class ZipSource implements AuditSource {
  readonly kind = 'archive';
  readonly name: string;
  sha256?: string;
  readonly #fd: number;
  readonly #size: number;
  readonly #index = new ArchiveIndex();
  #isIndexed = false;

  private constructor(file: string, fd: number, size: number) {
    [this.name, this.#fd, this.#size] = [file, fd, size];
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
    const directory = await this.#directory();
    let data = 0;
    try {
      for await (const entry of directory.eachEntry()) {
        data += entry.compressedSize;
        if (data > this.#size) throw new Error('the data of its files overlap');
        const isFolder = entry.fileNameRaw.at(-1) === SLASH;
        const found = isFolder ? undefined : this.#index.add(this.#fileOf(directory, entry));
        if (found !== undefined) yield found;
      }
    } catch (error) {
      yield unreadRest('.', unreadableEntry(this.name, (error as Error).message));
    }
  }

  async file(inSource: string): Promise<ReadFile | undefined> {
    return this.#index.file(inSource);
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
      read: (inSource) => this.#read(directory, entry, inSource),
    };
  }

  async #read(directory: ZipFile, entry: Entry, inSource: string): Promise<ReadFile> {
    const { compressedSize, compressionMethod, uncompressedSize } = entry;
    if (Math.max(compressedSize, uncompressedSize) >= MOST) return tooLarge(inSource);
    try {
      const { fileDataStart } = await directory.readLocalFileHeaderPromise(entry, { minimal: true });
      const data = Buffer.alloc(compressedSize);
      const { bytesRead } = await fs.read(this.#fd, data, 0, compressedSize, fileDataStart);
      if (bytesRead < compressedSize) return unreadableEntry(inSource, 'the archive ends before it does');
      const content = compressionMethod === DEFLATED ? await inflate(data, { maxOutputLength: MOST }) : data;
      const isWhole = content.length === uncompressedSize && crc32(content) === entry.crc32;
      return isWhole ? content : unreadableEntry(inSource, 'it is not what its checksum is of');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(inSource);
      return unreadableEntry(inSource, (error as Error).message);
    }
  }
}

function tooLarge(inSource: string): Refusal {
  return new Refusal('QP7002', { where: `${inSource}: unpacked, it is larger than any record` });
}
