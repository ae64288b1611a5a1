import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { QuietproofError } from '../../../errors/quietproof-error.ts';
import type { Extent } from '../../../store/checked-lines.ts';
import { makeFolder, removeTemporaries, syncFolder, writeError } from '../../../store/durable-file.ts';
import { isEntry, type StoredRecord } from './answer-store.ts';
import { Segment } from './segment.ts';
import { type Line, recordLine } from './segment-lines.ts';

/** Beginning another file costs three syncs; reading one at the start takes this much memory. */
const MOST_BYTES = 16 << 20;
const SUFFIX = '.jsonl';
const NAME_DIGITS = 12;
const PRIVATE_FOLDER = 0o700;

/** The log when something is written. */
export interface LogState {
  /** Index of its next entry. */
  readonly next: number;
  /** Time of its last entry. */
  readonly time: number;
}

/** What is in memory about a file of a series. */
interface Part {
  readonly segment: Segment;
  /** The log when it was begun. */
  readonly began: LogState;
  readonly entries: PlacedEntry[];
  /** Times of its first and last record; undefined while it has none. */
  times: { readonly first: number; readonly last: number } | undefined;
}

export interface PlacedEntry extends Extent {
  readonly segment: Segment;
  readonly index: number;
  /** Index of the first entry of its group. */
  readonly base: number;
}

/** The records of one model, in files of limited age, so that erasing what is old is deleting whole files. */
export class SegmentSeries {
  readonly folder: string;
  readonly #parts: Part[];
  /** Number of the next record. */
  #next: number;
  #lastTime = 0;
  /** Before what is being written, to return to. */
  #before: (Pick<Part, 'times'> & Record<'size' | 'next' | 'entries', number>) | undefined;

  private constructor(folder: string, parts: Part[], next: number) {
    [this.folder, this.#parts, this.#next] = [folder, parts, next];
  }

  /** Begins a series without files. @throws QP8001–QP8008 */
  static async create(folder: string): Promise<SegmentSeries> {
    await makeFolder(folder, PRIVATE_FOLDER);
    await syncFolder(path.dirname(folder)).catch((error) => {
      throw writeError(error, folder);
    });
    return new SegmentSeries(folder, [], 0);
  }

  /**
   * Reads what there is, and removes lines that were torn while nobody relied on them.
   *
   * @throws QP6554 if lines are missing on which somebody may have relied
   */
  static async open(folder: string): Promise<SegmentSeries> {
    await removeTemporaries(folder);
    const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX)).sort();
    const series = new SegmentSeries(folder, [], 0);
    for (const [i, name] of names.entries()) await series.#load(name, i === names.length - 1);
    return series;
  }

  async #load(name: string, isLast: boolean): Promise<void> {
    const { segment, read } = await Segment.open(path.join(this.folder, name));
    const { header, lines, whole, damaged } = read;
    const isWhole = whole === segment.size;
    const follows = this.#parts.length === 0 || header.first === this.#next;
    if (damaged || !follows || !(isWhole || isLast)) {
      throw new QuietproofError('QP6554', { where: segment.file });
    }
    const part: Part = { segment, began: header, entries: [], times: undefined };
    this.#parts.push(part);
    this.#next = header.first;
    this.#lastTime = Math.max(this.#lastTime, header.time);
    for (const line of lines) this.#note(part, line, line);
    // Syncs what is there too: a process that was killed may have left it in the system's memory alone.
    if (isLast) await segment.truncate(whole);
  }

  #note(part: Part, { record, base }: Line, { offset, length }: Extent): void {
    this.#next += 1;
    const { time } = record;
    const { first = time, last = time } = part.times ?? {};
    part.times = { first, last: Math.max(last, time) };
    if (!isEntry(record)) return;
    part.entries.push({ segment: part.segment, index: record.index, base, offset, length });
    this.#lastTime = Math.max(this.#lastTime, time);
  }

  /** Entries of the log that are kept, by index. */
  *entries(): Generator<PlacedEntry> {
    for (const { entries } of this.#parts) yield* entries;
  }

  /** Index from which on no entry of this series was erased. */
  get keptFrom(): number {
    return this.#parts[0]?.began.next ?? 0;
  }

  /** The log had at least so many entries. */
  get known(): number {
    return this.#parts.at(-1)?.began.next ?? 0;
  }

  /** Time of the last entry of the log that this series knows of. */
  get lastTime(): number {
    return this.#lastTime;
  }

  async replay(visit: (record: StoredRecord) => void): Promise<void> {
    for (const { segment } of this.#parts) {
      for (const { record } of (await segment.readAll()).lines) visit(record);
    }
  }

  /** Removes the last records, from an entry on: a group was not written in full. */
  async cut(index: number): Promise<void> {
    const part = this.#parts.at(-1)!;
    await part.segment.truncate(part.entries.find((entry) => entry.index === index)!.offset);
    const { header, lines } = await part.segment.readAll();
    this.#next = header.first;
    part.entries.length = 0;
    part.times = undefined;
    for (const line of lines) this.#note(part, line, line);
  }

  /**
   * Writes records, which are not durable before `sync`.
   *
   * @param span seconds that the times in one file differ by, at most
   * @throws system errors; then `undo` follows
   */
  async write(records: readonly StoredRecord[], log: LogState, span: number): Promise<PlacedEntry[]> {
    this.#before = undefined;
    const part = await this.#partFor(records[0]!.time, log, span);
    const { segment, entries, times } = part;
    this.#before = { size: segment.size, next: this.#next, entries: entries.length, times };
    const group = this.#next;
    let offset = segment.size;
    const texts = records.map((record, i) => {
      const line: Line = { number: group + i, group, base: log.next, record };
      const text = Buffer.from(recordLine(line));
      this.#note(part, line, { offset, length: text.length });
      offset += text.length;
      return text;
    });
    await segment.write(Buffer.concat(texts));
    return entries.slice(this.#before.entries);
  }

  async #partFor(time: number, log: LogState, span: number): Promise<Part> {
    const last = this.#parts.at(-1);
    const times = last?.times;
    const isFull = last !== undefined && last.segment.size >= MOST_BYTES;
    const isOld = times !== undefined && time - times.first > span;
    return last === undefined || (times !== undefined && (isFull || isOld)) ? this.#begin(log) : last;
  }

  async #begin(log: LogState): Promise<Part> {
    const name = String(this.#next).padStart(NAME_DIGITS, '0') + SUFFIX;
    const segment = await Segment.create(path.join(this.folder, name), { first: this.#next, ...log });
    const part: Part = { segment, began: log, entries: [], times: undefined };
    this.#parts.push(part);
    return part;
  }

  /** @throws system errors, after which nobody knows what is on disk */
  sync(): Promise<void> {
    return this.#parts.at(-1)!.segment.sync();
  }

  /** Takes back the last `write`, durably. @throws system errors */
  async undo(): Promise<void> {
    const before = this.#before;
    if (before === undefined) return;
    const part = this.#parts.at(-1)!;
    part.entries.splice(before.entries);
    part.times = before.times;
    this.#next = before.next;
    await part.segment.truncate(before.size);
  }

  /** Oldest files whose records are all before a time and under the log's checkpoint. */
  old(before: number, covered: number): { readonly entries: readonly number[]; readonly files: number } {
    const isOld = ({ times, entries }: Part) =>
      times !== undefined && times.last < before && entries.every(({ index }) => index < covered);
    const young = this.#parts.findIndex((part) => !isOld(part));
    const old = young === -1 ? this.#parts : this.#parts.slice(0, young);
    return { entries: old.flatMap(({ entries }) => entries.map(({ index }) => index)), files: old.length };
  }

  /** Removes the oldest files. @throws QP8001–QP8008 */
  async removeOldest(files: number, log: LogState): Promise<void> {
    // The last file tells how many entries the log had.
    if (files === this.#parts.length) await this.#begin(log);
    for (let left = files; left > 0; left -= 1) {
      await this.#parts[0]!.segment.remove();
      this.#parts.shift();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#parts.map(({ segment }) => segment.close()));
  }
}
