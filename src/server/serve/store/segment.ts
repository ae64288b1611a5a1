import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { QuietproofError } from '../../../errors/quietproof-error.ts';
import { type Extent, readCheckedLine } from '../../../store/checked-lines.ts';
import { syncFolder, writeDurably, writeError } from '../../../store/durable-file.ts';
import { findEntry, type ReadBytes } from './find-entry.ts';
import {
  headerLine,
  type Line,
  lineOf,
  type ReadSegment,
  readHeader,
  readSegment,
  type SegmentHeader,
} from './segment-lines.ts';

/** Only the owner may read what was sealed. */
const PRIVATE = 0o600;
/** Longer than any header. */
const HEADER_LIMIT = 1024;

/** A file of lines that only grows, until it is closed. A closed one holds no file open, and nothing of it is in memory. */
export class Segment {
  readonly file: string;
  readonly header: SegmentHeader;
  #handle: FileHandle | undefined;
  #size: number;

  private constructor(file: string, header: SegmentHeader, size: number, handle?: FileHandle) {
    [this.file, this.header, this.#size, this.#handle] = [file, header, size, handle];
  }

  /** Begins a segment, durably. @throws QP8001–QP8008 */
  static async create(file: string, header: Parameters<typeof headerLine>[0]): Promise<Segment> {
    const line = headerLine(header);
    await writeDurably(file, line, PRIVATE);
    const read = readHeader(Buffer.from(line.trimEnd()))!;
    return new Segment(file, read, Buffer.byteLength(line), await open(file, 'r+'));
  }

  /** Opens the last segment of a series, to which lines are added. @throws QP6554 if it has no header */
  static async open(file: string): Promise<{ readonly segment: Segment; readonly read: ReadSegment }> {
    const read = readSegment(await readFile(file));
    if (read === undefined) throw new QuietproofError('QP6554', { where: file });
    const handle = await open(file, 'r+');
    return { segment: new Segment(file, read.header, (await handle.stat()).size, handle), read };
  }

  /** Opens one that was closed, of which only the header is read. @throws QP6554 if it has none */
  static async openClosed(file: string): Promise<Segment> {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      const content = await readBytes(handle, 0, HEADER_LIMIT);
      const header = readHeader(content.subarray(0, content.indexOf('\n')));
      if (header === undefined) throw new QuietproofError('QP6554', { where: file });
      return new Segment(file, header, size);
    } finally {
      await handle.close();
    }
  }

  /** Everything again. @throws QP6554 */
  async readAll(): Promise<ReadSegment> {
    const read = readSegment(await readFile(this.file));
    if (read === undefined) throw this.#damaged();
    return read;
  }

  /** All lines of one that is closed. @throws QP6554 if it is not as it was then */
  async readClosed(): Promise<ReadSegment> {
    const read = await this.readAll();
    if (read.damaged || read.whole !== this.#size) throw this.#damaged();
    return read;
  }

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  /** Writes behind the last line. Not durable before `sync`. @throws system errors */
  async write(bytes: Buffer): Promise<void> {
    for (let written = 0; written < bytes.length; ) {
      const { bytesWritten } = await this.#handle!.write(
        bytes,
        written,
        bytes.length - written,
        this.#size + written,
      );
      written += bytesWritten;
    }
    this.#size += bytes.length;
  }

  /** @throws system errors, after which nobody knows what is on disk */
  sync(): Promise<void> {
    return this.#handle!.datasync();
  }

  /** Durably. @throws system errors */
  async truncate(size: number): Promise<void> {
    await this.#handle!.truncate(size);
    await this.sync();
    this.#size = size;
  }

  /** The line at a place. @throws QP6554 if it cannot be read any more */
  async lineAt({ offset, length }: Extent): Promise<Line> {
    const line = lineOf(readCheckedLine(await this.#reading((read) => read(offset, length - 1))));
    if (line === undefined) throw this.#damaged();
    return line;
  }

  /** The line of an entry of one that is closed; undefined if it has none. @throws QP6554 if it is damaged */
  async find(index: number): Promise<Line | undefined> {
    try {
      return await this.#reading((read) => findEntry(read, this.#size, index));
    } catch (cause) {
      if (cause instanceof TypeError) throw this.#damaged(cause);
      throw cause;
    }
  }

  async #reading<T>(use: (read: ReadBytes) => Promise<T>): Promise<T> {
    if (this.#handle !== undefined) return use(reading(this.#handle));
    const handle = await open(this.file);
    try {
      return await use(reading(handle));
    } finally {
      await handle.close();
    }
  }

  #damaged(cause?: unknown): QuietproofError {
    return new QuietproofError('QP6554', { where: this.file, ...(cause !== undefined && { cause }) });
  }

  /** Durably. @throws QP8001–QP8008 */
  async remove(): Promise<void> {
    await this.close();
    try {
      await rm(this.file, { force: true });
      await syncFolder(path.dirname(this.file));
    } catch (error) {
      throw writeError(error, this.file);
    }
  }

  /** Nothing is written any more; it can still be read. */
  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }
}

function reading(handle: FileHandle): ReadBytes {
  return (offset, length) => readBytes(handle, offset, length);
}

async function readBytes(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, offset);
  return bytes.subarray(0, bytesRead);
}
