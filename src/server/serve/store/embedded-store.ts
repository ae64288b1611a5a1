import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { QuietproofError } from '../../../errors/quietproof-error.ts';
import { makeFolder, writeError } from '../../../store/durable-file.ts';
import { AnswerIndex } from './answer-index.ts';
import {
  type AnswerStore,
  type ErasedAnswer,
  type Erasure,
  isEntry,
  type SealedRecord,
  type StoredRecord,
} from './answer-store.ts';
import { DamagedRun } from './run-file.ts';
import { type LogState, SegmentSeries } from './segment-series.ts';

export interface EmbeddedStoreOptions {
  /** Entries that the log covers. */
  readonly covered: number;
  /** Seconds for which answers of a model are kept. */
  readonly retention: (modelId: string) => number;
  /** The leaves of the answers in the log, from an index on, to know those that are erased if the index is lost. */
  readonly leaves?: (from: number) => AsyncIterable<LoggedLeaf>;
}

export interface LoggedLeaf {
  readonly index: number;
  /** In hex. */
  readonly leaf: string;
}

/** Announcements are of all models, and are kept. */
const ANNOUNCED = 'announced';
const INDEX = 'index';
/** Parts of a retention by which answers are erased together. */
const PERIODS = 8;

/**
 * Records in files, with a folder per model, and an index of their receipts. The caller holds a lock on the folder.
 *
 * Opening reads the last file of each model, the first line of the others, and of the index what it names its files by. So
 * neither its time nor its memory grows with what is kept.
 */
export class EmbeddedStore implements AnswerStore {
  readonly #folder: string;
  readonly #options: EmbeddedStoreOptions;
  readonly #series: Map<string, SegmentSeries>;
  readonly #index: AnswerIndex;
  #indexing: Promise<void> = Promise.resolve();
  #next = 0;
  #lastTime = 0;
  #failed = false;
  /** Syncs of files that records took, to be compared with their number. */
  syncs = 0;
  /** Files of records of which more than the first line was read, for whatever reason. */
  filesRead = 0;

  private constructor(
    folder: string,
    options: EmbeddedStoreOptions,
    series: Map<string, SegmentSeries>,
    index: AnswerIndex,
  ) {
    this.#folder = folder;
    this.#options = options;
    this.#series = series;
    this.#index = index;
  }

  /**
   * Opens a folder, which is made where it is missing, and removes what a crash has torn.
   *
   * @throws QP6554 if a file is damaged; QP6555 if the log has entries that are not here; QP8001–QP8008
   */
  static async open(folder: string, options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
    await makeFolder(folder, 0o700);
    const index = await AnswerIndex.open(path.join(folder, INDEX));
    const series = new Map<string, SegmentSeries>();
    const store = new EmbeddedStore(folder, options, series, index);
    try {
      const found = await readdir(folder, { withFileTypes: true });
      for (const { name } of found.filter((entry) => entry.isDirectory() && entry.name !== INDEX)) {
        series.set(name, await SegmentSeries.open(path.join(folder, name)));
        store.filesRead += 1;
      }
      await store.#recover();
      await store.#fillIndex();
    } catch (error) {
      await store.close();
      throw error;
    }
    return store;
  }

  get next(): number {
    return this.#next;
  }

  get lastTime(): number {
    return this.#lastTime;
  }

  /** What is in memory for the sake of answers that are kept, and in how many files they are. */
  get size(): {
    readonly placed: number;
    readonly rows: number;
    readonly segments: number;
    readonly runs: number;
  } {
    const all = [...this.#series.values()];
    const sum = (count: (one: SegmentSeries) => number) => all.reduce((total, one) => total + count(one), 0);
    const { rows, files: runs } = this.#index.size;
    return {
      placed: sum(({ lastEntries }) => lastEntries.length),
      segments: sum(({ files }) => files),
      rows,
      runs,
    };
  }

  /**
   * Finds the next index, and drops the rest of a group of which a part is missing. Groups are written one after another, so
   * only the last can be torn, and whatever is of it is in the last files.
   */
  async #recover(): Promise<void> {
    const all = [...this.#series.values()];
    // From this index on, every entry is in the last file of its series.
    const from = Math.max(0, ...all.map(({ lastFrom }) => lastFrom));
    const placed = new Set(all.flatMap(({ lastEntries }) => lastEntries.map(({ index }) => index)));
    let next = from;
    while (placed.has(next)) next += 1;
    this.#next = next;
    await this.#dropGroup(next);
    if (this.#next < this.#options.covered) {
      const what = `The log has ${this.#options.covered} entries, of which ${this.#next} are kept here`;
      throw new QuietproofError('QP6555', { what, where: this.#folder });
    }
    this.#lastTime = Math.max(0, ...all.map(({ lastTime }) => lastTime));
  }

  /** @param missing the first index that is not there */
  async #dropGroup(missing: number): Promise<void> {
    const torn = [...this.#series.values()].flatMap((series) => {
      const later = series.lastEntries.filter(({ index }) => index > missing);
      return later.length > 0 ? [{ series, later }] : [];
    });
    const isOfGroup = torn.every(({ later }) => later.every(({ base }) => base <= missing));
    if (torn.length > 0 && (!isOfGroup || missing < this.#options.covered)) {
      throw new QuietproofError('QP6554', { where: this.#folder, what: `Entry ${missing} is missing` });
    }
    for (const { series, later } of torn) await series.cut(later[0]!.index);
  }

  /** Notes what is not in the index yet: usually what is in the last files. */
  async #fillIndex(): Promise<void> {
    const { covered, leaves } = this.#options;
    const from = this.#index.end;
    const isBehind = from < Math.max(0, ...this.#models().map(({ lastFrom }) => lastFrom));
    const fromLog = isBehind && leaves !== undefined;
    for (const series of this.#models()) {
      this.filesRead += await series.replay(series.fileOf(from), ({ record, base }) => {
        if (!fromLog || record.kind !== 'sealed' || record.index >= covered) this.#index.note(record, base);
      });
    }
    if (fromLog) for await (const { index, leaf } of leaves(from)) await this.#index.noteLeaf(leaf, index);
    if (isBehind) await this.#index.flush(this.#next);
  }

  /** Without announcements. */
  #models(): SegmentSeries[] {
    return [...this.#series].flatMap(([name, series]) => (name === ANNOUNCED ? [] : [series]));
  }

  async replay(visit: (record: StoredRecord, position: number) => void): Promise<void> {
    const give = ({ record, base }: { readonly record: StoredRecord; readonly base: number }) =>
      visit(record, base);
    await this.#series.get(ANNOUNCED)?.replay(0, give);
    for (const series of this.#models()) {
      const first = Math.min(series.firstUnsettled, series.fileOf(this.#options.covered));
      this.filesRead += await series.replay(first, give);
    }
    for (const series of this.#series.values()) series.started();
  }

  async append(records: readonly StoredRecord[]): Promise<void> {
    if (this.#failed) throw new QuietproofError('QP6556', { where: this.#folder });
    this.#failed = true;
    const touched: SegmentSeries[] = [];
    let [entries, begun] = [0, false];
    try {
      for (const [name, own] of byFolder(records)) {
        const series = await this.#seriesOf(name);
        touched.push(series);
        const { files } = series;
        entries += await series.write(own, this.#log, this.#spanOf(name));
        begun ||= series.files > files;
      }
    } catch (error) {
      await Promise.all(touched.map((series) => series.undo())).catch((cause) => {
        throw new QuietproofError('QP6556', { where: this.#folder, cause });
      });
      this.#failed = false;
      throw writeError(error, this.#folder);
    }
    try {
      await Promise.all(touched.map((series) => series.sync()));
    } catch (cause) {
      throw new QuietproofError('QP6556', { where: this.#folder, cause });
    }
    this.syncs += touched.length;
    // What is in a file that was closed goes to the disk; if it cannot be written, it stays in memory.
    if (begun) await this.#index.flush(this.#next).catch(() => {});
    for (const record of records) this.#index.note(record, this.#next);
    this.#next += entries;
    this.#lastTime = Math.max(this.#lastTime, ...records.filter(isEntry).map(({ time }) => time));
    this.#failed = false;
  }

  get #log(): LogState {
    return { next: this.#next, time: this.#lastTime };
  }

  #spanOf(name: string): number {
    return name === ANNOUNCED ? Number.POSITIVE_INFINITY : this.#options.retention(name) / PERIODS;
  }

  async #seriesOf(name: string): Promise<SegmentSeries> {
    const found = this.#series.get(name);
    if (found !== undefined) return found;
    const created = await SegmentSeries.create(path.join(this.#folder, name));
    this.#series.set(name, created);
    return created;
  }

  async read(index: number): Promise<SealedRecord | undefined> {
    for (const series of this.#models()) {
      const record = await series.read(index);
      if (record?.kind === 'sealed' && record.index === index) return record;
    }
    return undefined;
  }

  async find(receiptId: string): Promise<SealedRecord | 'erased' | undefined> {
    const index = await this.#lookUp(() => this.#index.indexOf(receiptId));
    if (index === undefined) return undefined;
    const record = await this.read(index);
    if (record === undefined) return 'erased';
    return record.receiptId === receiptId ? record : undefined;
  }

  revealed(index: number): Promise<boolean | undefined> {
    return this.#lookUp(() => this.#index.revealed(index));
  }

  /** Makes the index again if it turns out to be damaged. */
  async #lookUp<T>(look: () => Promise<T>): Promise<T> {
    try {
      await this.#indexing;
      return await look();
    } catch (error) {
      if (!(error instanceof DamagedRun)) throw error;
      const indexing = this.#indexing.then(async () => {
        await this.#index.clear();
        await this.#fillIndex();
      });
      this.#indexing = indexing.catch(() => {});
      await indexing;
      return await look();
    }
  }

  async settle(modelId: string, position: number): Promise<number> {
    return (await this.#series.get(modelId)?.settle(position)) ?? 0;
  }

  async erase(
    { modelId, before, covered }: Erasure,
    first: (answers: readonly ErasedAnswer[]) => Promise<void>,
  ): Promise<void> {
    const series = this.#series.get(modelId);
    const files = series?.old(before, covered) ?? 0;
    await series?.removeOldest(files, this.#log, first);
  }

  async close(): Promise<void> {
    await this.#indexing;
    await this.#index.close();
    await Promise.all([...this.#series.values()].map((series) => series.close()));
  }
}

function byFolder(records: readonly StoredRecord[]): Map<string, StoredRecord[]> {
  const all = new Map<string, StoredRecord[]>();
  for (const record of records) {
    const name = record.kind === 'announced' ? ANNOUNCED : record.modelId;
    const own = all.get(name) ?? [];
    own.push(record);
    all.set(name, own);
  }
  return all;
}
