import { type Extent, readCheckedLine } from '../../../store/checked-lines.ts';
import { isEntry } from './answer-store.ts';
import { type Line, lineOf } from './segment-lines.ts';

/** Reads bytes of a file; fewer than asked for at its end. */
export type ReadBytes = (offset: number, length: number) => Promise<Buffer>;

const CHUNK = 1 << 14;
const NEWLINE = 0x0a;

/**
 * Finds the record of an entry in a file of lines whose entries ascend, by bisection: as many reads as the size in chunks
 * has binary digits, and no table that could disagree with the file.
 *
 * @param size of the file, whose lines are whole
 * @param index of the entry in the log
 * @returns undefined if the file has no such entry
 * @throws TypeError if a line that is met is damaged
 */
export async function findEntry(read: ReadBytes, size: number, index: number): Promise<Line | undefined> {
  const lines = new Lines(read, size);
  // Where the entry is, if it is there: its line begins at `low` or behind, and before `high`.
  let [low, high] = [0, size];
  while (high - low > CHUNK) {
    const middle = Math.floor((low + high) / 2);
    const found = await lines.entryFrom(await lines.beginFrom(middle), high);
    if (found?.index === index) return found.line;
    if (found !== undefined && found.index < index) low = found.offset + found.length;
    else high = middle;
  }
  for (;;) {
    const found = await lines.entryFrom(low, high);
    if (found === undefined || found.index > index) return undefined;
    if (found.index === index) return found.line;
    low = found.offset + found.length;
  }
}

interface FoundEntry extends Extent {
  readonly index: number;
  readonly line: Line;
}

class Lines {
  readonly #read: ReadBytes;
  readonly #size: number;
  /** What was read last. */
  #chunk: { readonly offset: number; readonly bytes: Buffer } = { offset: 0, bytes: Buffer.alloc(0) };

  constructor(read: ReadBytes, size: number) {
    [this.#read, this.#size] = [read, size];
  }

  /** Where the first line begins that begins at an offset or behind it. */
  async beginFrom(offset: number): Promise<number> {
    return offset === 0 ? 0 : (await this.#newlineFrom(offset - 1)) + 1;
  }

  /** The first entry among the lines that begin at `offset`, where one does, or behind, and before `end`. */
  async entryFrom(offset: number, end: number): Promise<FoundEntry | undefined> {
    for (let at = offset; at < end; ) {
      const length = (await this.#newlineFrom(at)) + 1 - at;
      const content = readCheckedLine(await this.#bytesAt(at, length - 1));
      if (content === undefined) throw new TypeError(`the line at ${at} is damaged`);
      const line = lineOf(content);
      if (line !== undefined && isEntry(line.record)) {
        return { offset: at, length, index: line.record.index, line };
      }
      at += length;
    }
    return undefined;
  }

  async #newlineFrom(offset: number): Promise<number> {
    for (let from = offset, part: Buffer; from < this.#size; from += part.length) {
      part = await this.#bytesFrom(from);
      const at = part.indexOf(NEWLINE);
      if (at !== -1) return from + at;
    }
    throw new TypeError(`the line at ${offset} is cut off`);
  }

  async #bytesAt(offset: number, length: number): Promise<Buffer> {
    const known = await this.#bytesFrom(offset);
    return known.length < length ? this.#read(offset, length) : known.subarray(0, length);
  }

  /** Some bytes from an offset on, at least one. */
  async #bytesFrom(offset: number): Promise<Buffer> {
    const known = offset - this.#chunk.offset;
    if (known < 0 || known >= this.#chunk.bytes.length) {
      this.#chunk = { offset, bytes: await this.#read(offset, CHUNK) };
      if (this.#chunk.bytes.length === 0) throw new TypeError(`nothing is at ${offset}`);
      return this.#chunk.bytes;
    }
    return this.#chunk.bytes.subarray(known);
  }
}
