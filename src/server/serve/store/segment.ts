import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { QuietproofError } from '../../../errors/quietproof-error.ts';
import { type Extent, readCheckedLine } from '../../../store/checked-lines.ts';
import { syncFolder, writeDurably, writeError } from '../../../store/durable-file.ts';
import { headerLine, type ReadSegment, readSegment } from './segment-lines.ts';

/** Only the owner may read what was sealed. */
const PRIVATE = 0o600;

/** A file of lines that only grows. */
export class Segment {
  readonly file: string;
  readonly #handle: FileHandle;
  #size: number;

  private constructor(file: string, handle: FileHandle, size: number) {
    [this.file, this.#handle, this.#size] = [file, handle, size];
  }

  /** Begins a segment, durably. @throws QP8001–QP8008 */
  static async create(file: string, header: Parameters<typeof headerLine>[0]): Promise<Segment> {
    const line = headerLine(header);
    await writeDurably(file, line, PRIVATE);
    return new Segment(file, await open(file, 'r+'), Buffer.byteLength(line));
  }

  /** @throws QP6554 if it has no header */
  static async open(file: string): Promise<{ readonly segment: Segment; readonly read: ReadSegment }> {
    const handle = await open(file, 'r+');
    const segment = new Segment(file, handle, (await handle.stat()).size);
    try {
      return { segment, read: await segment.readAll() };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Everything again. @throws QP6554 */
  async readAll(): Promise<ReadSegment> {
    const read = readSegment(await readFile(this.file));
    if (read === undefined) throw new QuietproofError('QP6554', { where: this.file });
    return read;
  }

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  /** Writes behind the last line. Not durable before `sync`. @throws system errors */
  async write(bytes: Buffer): Promise<void> {
    for (let written = 0; written < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(
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
    return this.#handle.datasync();
  }

  /** Durably. @throws system errors */
  async truncate(size: number): Promise<void> {
    await this.#handle.truncate(size);
    await this.sync();
    this.#size = size;
  }

  /** @returns the content of a line; undefined if it cannot be read any more */
  async read({ offset, length }: Extent): Promise<unknown> {
    const bytes = Buffer.alloc(length - 1);
    const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, offset);
    return bytesRead === bytes.length ? readCheckedLine(bytes) : undefined;
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

  close(): Promise<void> {
    return this.#handle.close();
  }
}
