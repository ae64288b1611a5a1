import { close, createReadStream, open, read } from 'node:fs';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';

/** Reads bytes one after the other. */
export interface ByteCursor {
  /** Where it is, in bytes from the beginning. */
  readonly at: number;
  /** Fewer than asked for only at the end. */
  take(length: number): Promise<Buffer>;
  /** @returns false if the bytes end before */
  skip(length: number): Promise<boolean>;
  close(): Promise<void>;
}

const fs = { open: promisify(open), read: promisify(read), close: promisify(close) };
const WINDOW = 1 << 18;

/** Of a file: what is skipped is not read. */
export class FileCursor implements ByteCursor {
  at = 0;
  readonly #fd: number;
  readonly #size: number;
  #window = Buffer.alloc(0);
  #from = 0;

  constructor(fd: number, size: number) {
    [this.#fd, this.#size] = [fd, size];
  }

  async take(length: number): Promise<Buffer> {
    const end = Math.min(this.at + length, this.#size);
    if (end > this.#from + this.#window.length || this.at < this.#from) await this.#fill(end - this.at);
    const taken = this.#window.subarray(this.at - this.#from, end - this.#from);
    this.at += taken.length;
    return Buffer.from(taken);
  }

  async skip(length: number): Promise<boolean> {
    this.at += length;
    return this.at <= this.#size;
  }

  async close(): Promise<void> {}

  async #fill(least: number): Promise<void> {
    const window = Buffer.alloc(Math.max(WINDOW, least));
    const { bytesRead } = await fs.read(this.#fd, window, 0, window.length, this.at);
    [this.#window, this.#from] = [window.subarray(0, bytesRead), this.at];
  }
}

/** Of what a file in gzip's format unpacks to. What is skipped is unpacked and dropped. */
export class GunzipCursor implements ByteCursor {
  at = 0;
  readonly #stream: Readable;
  readonly #chunks: AsyncIterator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);

  constructor(file: string) {
    const packed = createReadStream(file, { highWaterMark: WINDOW });
    const stream = createGunzip({ chunkSize: WINDOW });
    packed.on('error', (error) => stream.destroy(error));
    stream.on('close', () => packed.destroy());
    this.#stream = packed.pipe(stream);
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = length;
    while (missing > 0 && (await this.#refill())) {
      const part = this.#chunk.subarray(0, missing);
      this.#chunk = this.#chunk.subarray(part.length);
      parts.push(part);
      missing -= part.length;
    }
    this.at += length - missing;
    return Buffer.concat(parts);
  }

  async skip(length: number): Promise<boolean> {
    let missing = length;
    while (missing > 0 && (await this.#refill())) {
      const skipped = Math.min(this.#chunk.length, missing);
      this.#chunk = this.#chunk.subarray(skipped);
      missing -= skipped;
    }
    this.at += length - missing;
    return missing === 0;
  }

  async close(): Promise<void> {
    // Without a listener, an error of the closing stream would end the process.
    this.#stream.on('error', () => {});
    this.#stream.destroy();
  }

  async #refill(): Promise<boolean> {
    while (this.#chunk.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return false;
      this.#chunk = next.value;
    }
    return true;
  }
}
