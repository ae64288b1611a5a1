import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { QuietproofError } from '../../../errors/quietproof-error.ts';
import type { Extent } from '../../../store/checked-lines.ts';
import { makeFolder, removeTemporaries, syncFolder, writeError } from '../../../store/durable-file.ts';
import { type ErasedAnswer, isEntry, type StoredRecord } from './answer-store.ts';
import { LastRecords, type LastState, type PlacedEntry } from './last-records.ts';
import { Segment } from './segment.ts';
import { type ClosedSegment, type Line, recordLine } from './segment-lines.ts';
import { readSettled, writeSettled } from './settled-mark.ts';

/** Beginning another file costs three syncs; reading one takes this much memory. */
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

/**
 * The records of one model, in files of limited age, so that erasing what is old is deleting whole files. Only the last file
 * is read when it is opened, and only of its entries something is in memory: each file says in its first line how long the
 * one before was when it was closed.
 */
export class SegmentSeries {
  readonly folder: string;
  readonly #files: Segment[] = [];
  #last = new LastRecords();
  /** Number of the next record. */
  #next = 0;
  #lastTime = 0;
  /** Number of the first record that may be work. */
  #settled = 0;
  #removing: Segment | undefined;
  /** Of the last file, as long as a start may ask for them again. */
  #read: readonly Line[] | undefined;
  /** Before what is being written, to return to. */
  #before: { readonly size: number; readonly next: number; readonly last: LastState } | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Begins a series without files. @throws QP8001–QP8008 */
  static async create(folder: string): Promise<SegmentSeries> {
    await makeFolder(folder, PRIVATE_FOLDER);
    await syncFolder(path.dirname(folder)).catch((error) => {
      throw writeError(error, folder);
    });
    return new SegmentSeries(folder);
  }

  /**
   * Finds what there is, and removes lines of the last file that were torn while nobody relied on them.
   *
   * @throws QP6554 if lines are missing on which somebody may have relied
   */
  static async open(folder: string): Promise<SegmentSeries> {
    await removeTemporaries(folder);
    const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX)).sort();
    const series = new SegmentSeries(folder);
    try {
      for (const name of names.slice(0, -1)) {
        series.#push(await Segment.openClosed(path.join(folder, name)));
      }
      const last = names.at(-1);
      if (last !== undefined) await series.#openLast(path.join(folder, last));
      series.#settled = await readSettled(folder);
    } catch (error) {
      await series.close();
      throw error;
    }
    return series;
  }

  async #openLast(file: string): Promise<void> {
    const { segment, read } = await Segment.open(file);
    this.#push(segment);
    const { header, lines, whole, damaged } = read;
    if (damaged) throw new QuietproofError('QP6554', { where: file });
    this.#next = header.first;
    this.#lastTime = header.time;
    this.#read = lines;
    for (const line of lines) this.#note(line, line);
    // Syncs what is there too: a process that was killed may have left it in the system's memory alone.
    await segment.truncate(whole);
  }

  #push(segment: Segment): void {
    const last = this.#files.at(-1);
    this.#files.push(segment);
    const { before } = segment.header;
    if (last !== undefined && (before?.first !== last.header.first || before.size !== last.size)) {
      throw new QuietproofError('QP6554', { where: last.file });
    }
  }

  #note(line: Line, extent: Extent): void {
    this.#next += 1;
    this.#last.note(line, extent);
    if (isEntry(line.record)) this.#lastTime = Math.max(this.#lastTime, line.record.time);
  }

  /** Entries of the log in the last file, by index. */
  get lastEntries(): readonly PlacedEntry[] {
    return this.#last.entries;
  }

  /** Index from which on all entries of this series are in its last file: the log had so many when that was begun. */
  get lastFrom(): number {
    return this.#files.at(-1)?.header.next ?? 0;
  }

  /** Time of the last entry of the log that this series knows of. */
  get lastTime(): number {
    return this.#lastTime;
  }

  /** The first file in which something may be work. */
  get firstUnsettled(): number {
    const at = this.#files.findIndex(({ header }) => header.first >= this.#settled);
    return at === -1 ? Math.max(0, this.#files.length - 1) : at;
  }

  /** Number of files; each but the last is closed. */
  get files(): number {
    return this.#files.length;
  }

  /**
   * Gives every record from a file on.
   *
   * @returns how many files were read for that
   * @throws QP6554
   */
  async replay(first: number, visit: (line: Line) => void): Promise<number> {
    let reads = 0;
    for (const file of this.#files.slice(first)) {
      for (const line of await this.#linesOf(file)) visit(line);
      if (this.#read === undefined || file !== this.#files.at(-1)) reads += 1;
    }
    return reads;
  }

  async #linesOf(file: Segment): Promise<readonly Line[]> {
    if (file !== this.#files.at(-1)) return (await file.readClosed()).lines;
    return this.#read ?? (await file.readAll()).lines;
  }

  /** The start is over: lines that were read for it are needed no more. */
  started(): void {
    this.#read = undefined;
  }

  /** The file from which on all entries are whose index is not below one. */
  fileOf(index: number): number {
    const at = this.#files.findLastIndex(({ header }) => header.next <= index);
    return Math.max(0, at);
  }

  /**
   * The record of an entry; undefined if the series has none, or it was erased.
   *
   * @throws QP6554 if it cannot be read
   */
  async read(index: number): Promise<StoredRecord | undefined> {
    const at = this.#files.findLastIndex(({ header }) => header.next <= index);
    const file = this.#files[at];
    if (file === undefined) return undefined;
    if (at < this.#files.length - 1) {
      const found = await file.find(index).catch((error) => {
        if (file !== this.#removing && this.#files.includes(file)) throw error;
      });
      return found?.record;
    }
    const place = this.#last.find(index);
    return place && (await file.lineAt(place)).record;
  }

  /** Removes the last records, from an entry on: a group was not written in full. */
  async cut(index: number): Promise<void> {
    const file = this.#files.at(-1)!;
    await file.truncate(this.#last.find(index)!.offset);
    const { header, lines } = await file.readAll();
    this.#read = lines;
    this.#next = header.first;
    this.#last = new LastRecords();
    for (const line of lines) this.#note(line, line);
  }

  /**
   * Writes records, which are not durable before `sync`.
   *
   * @param span seconds that the times in one file differ by, at most
   * @throws system errors; then `undo` follows
   */
  async write(records: readonly StoredRecord[], log: LogState, span: number): Promise<number> {
    this.started();
    this.#before = undefined;
    const file = await this.#fileFor(records[0]!.time, log, span);
    const { state } = this.#last;
    this.#before = { size: file.size, next: this.#next, last: state };
    const group = this.#next;
    let offset = file.size;
    const texts = records.map((record, i) => {
      const line: Line = { number: group + i, group, base: log.next, record };
      const text = Buffer.from(recordLine(line));
      this.#note(line, { offset, length: text.length });
      offset += text.length;
      return text;
    });
    await file.write(Buffer.concat(texts));
    return this.#last.entries.length - state.entries;
  }

  async #fileFor(time: number, log: LogState, span: number): Promise<Segment> {
    const last = this.#files.at(-1);
    const { times } = this.#last;
    const isFull = last !== undefined && last.size >= MOST_BYTES;
    const isOld = times !== undefined && time - times.first > span;
    return last === undefined || (times !== undefined && (isFull || isOld)) ? this.#begin(log) : last;
  }

  async #begin(log: LogState): Promise<Segment> {
    const name = String(this.#next).padStart(NAME_DIGITS, '0') + SUFFIX;
    const before = this.#closing();
    const header = { first: this.#next, ...log, ...(before && { before }) };
    const segment = await Segment.create(path.join(this.folder, name), header);
    await this.#files.at(-1)?.close();
    this.#files.push(segment);
    this.#last = new LastRecords();
    return segment;
  }

  #closing(): ClosedSegment | undefined {
    const last = this.#files.at(-1);
    if (last === undefined) return undefined;
    const { header, size } = last;
    return { first: header.first, size, time: this.#last.times?.latest ?? header.time };
  }

  /** @throws system errors, after which nobody knows what is on disk */
  sync(): Promise<void> {
    return this.#files.at(-1)!.sync();
  }

  /** Takes back the last `write`, durably. @throws system errors */
  async undo(): Promise<void> {
    const before = this.#before;
    if (before === undefined) return;
    this.#last.undo(before.last);
    this.#next = before.next;
    await this.#files.at(-1)!.truncate(before.size);
  }

  /**
   * Remembers that nothing is work that was written before a position.
   *
   * @returns the position from which on records are replayed
   * @throws QP8001–QP8008
   */
  async settle(position: number): Promise<number> {
    // Marks of this very position can be in the file before one that was begun at it.
    const file = this.#files.findLast(({ header }) => header.next < position);
    if (file !== undefined && file.header.first > this.#settled) {
      await writeSettled(this.folder, file.header.first);
      this.#settled = file.header.first;
    }
    return this.#files[this.firstUnsettled]?.header.next ?? 0;
  }

  /** How many of the oldest files have only records from before a time, under the log's checkpoint. */
  old(before: number, covered: number): number {
    const young = this.#files.findIndex((_, at) => !this.#isOld(at, before, covered));
    return young === -1 ? this.#files.length : young;
  }

  #isOld(at: number, before: number, covered: number): boolean {
    const next = this.#files[at + 1]?.header;
    if (next !== undefined) return next.before!.time < before && next.next <= covered;
    const { times, entries } = this.#last;
    return times !== undefined && times.latest < before && entries.every(({ index }) => index < covered);
  }

  /**
   * Removes the oldest files.
   *
   * @param first is told the answers of each file before that is removed
   * @throws QP6554, QP8001–QP8008
   */
  async removeOldest(
    files: number,
    log: LogState,
    first: (answers: readonly ErasedAnswer[]) => Promise<void>,
  ): Promise<void> {
    // The last file tells how many entries the log had.
    if (files === this.#files.length) await this.#begin(log);
    for (let left = files; left > 0; left -= 1) {
      const [oldest] = this.#files;
      const { lines } = await oldest!.readClosed();
      await first(lines.flatMap(({ record }) => (record.kind === 'sealed' ? [record] : [])));
      this.#removing = oldest;
      await oldest!.remove();
      this.#files.shift();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#files.map((file) => file.close()));
  }
}
