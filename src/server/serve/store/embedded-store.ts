import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { QuietproofError } from '../../../errors/quietproof-error.ts';
import { makeFolder, writeError } from '../../../store/durable-file.ts';
import {
  type AnswerStore,
  type Erasure,
  isEntry,
  type SealedRecord,
  type StoredRecord,
} from './answer-store.ts';
import { ErasedReceipts } from './erased-receipts.ts';
import { type LogState, type PlacedEntry, SegmentSeries } from './segment-series.ts';

export interface EmbeddedStoreOptions {
  /** Entries that the log covers. */
  readonly covered: number;
  /** Seconds for which answers of a model are kept. */
  readonly retention: (modelId: string) => number;
}

/** Announcements are of all models, and are kept. */
const ANNOUNCED = 'announced';
const ERASED = 'erased';
/** Parts of a retention by which answers are erased together. */
const PERIODS = 8;

/** Records in files, with a folder per model. The caller holds a lock on the folder. */
export class EmbeddedStore implements AnswerStore {
  readonly #folder: string;
  readonly #options: EmbeddedStoreOptions;
  readonly #series: Map<string, SegmentSeries>;
  readonly #erased: ErasedReceipts;
  readonly #places = new Map<number, PlacedEntry>();
  #next = 0;
  #lastTime = 0;
  #failed = false;
  /** Syncs of files that records took, to be compared with their number. */
  syncs = 0;

  private constructor(
    folder: string,
    options: EmbeddedStoreOptions,
    series: Map<string, SegmentSeries>,
    erased: ErasedReceipts,
  ) {
    this.#folder = folder;
    this.#options = options;
    this.#series = series;
    this.#erased = erased;
  }

  /**
   * Opens a folder, which is made where it is missing, and removes what a crash has torn.
   *
   * @throws QP6554 if a file is damaged; QP6555 if the log has entries that are not here; QP8001–QP8008
   */
  static async open(folder: string, options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
    await makeFolder(folder, 0o700);
    const found = await readdir(folder, { withFileTypes: true });
    const series = new Map<string, SegmentSeries>();
    for (const one of found.filter((entry) => entry.isDirectory())) {
      series.set(one.name, await SegmentSeries.open(path.join(folder, one.name)));
    }
    const store = new EmbeddedStore(
      folder,
      options,
      series,
      await ErasedReceipts.open(path.join(folder, ERASED)),
    );
    await store.#recover();
    return store;
  }

  get next(): number {
    return this.#next;
  }

  get lastTime(): number {
    return this.#lastTime;
  }

  /** Finds the next index, and drops the rest of a group of which a part is missing. */
  async #recover(): Promise<void> {
    const all = [...this.#series.values()];
    let end = Math.max(0, ...all.map(({ known }) => known));
    for (const one of all) {
      for (const entry of one.entries()) {
        this.#places.set(entry.index, entry);
        end = Math.max(end, entry.index + 1);
      }
    }
    // Before this index, answers may be erased.
    const from = Math.max(0, ...all.map(({ keptFrom }) => keptFrom));
    let next = from;
    while (this.#places.has(next)) next += 1;
    this.#next = next;
    if (next < end) await this.#dropGroup(next);
    if (this.#next < this.#options.covered) {
      const what = `The log has ${this.#options.covered} entries, of which ${this.#next} are kept here`;
      throw new QuietproofError('QP6555', { what, where: this.#folder });
    }
    this.#lastTime = Math.max(0, ...all.map(({ lastTime }) => lastTime));
  }

  /** @param missing the first index that is not there */
  async #dropGroup(missing: number): Promise<void> {
    const later = [...this.#places.values()].filter(({ index }) => index > missing);
    const isOfGroup = later.every(({ base }) => base <= missing);
    if (later.length === 0 || !isOfGroup || missing < this.#options.covered) {
      throw new QuietproofError('QP6554', { where: this.#folder, what: `Entry ${missing} is missing` });
    }
    for (const one of this.#series.values()) {
      const [first] = [...one.entries()].filter(({ index }) => index > missing);
      if (first !== undefined) await one.cut(first.index);
    }
    for (const { index } of later) this.#places.delete(index);
  }

  async replay(visit: (record: StoredRecord) => void): Promise<void> {
    for (const one of this.#series.values()) await one.replay(visit);
  }

  async append(records: readonly StoredRecord[]): Promise<void> {
    if (this.#failed) throw new QuietproofError('QP6556', { where: this.#folder });
    this.#failed = true;
    const touched: SegmentSeries[] = [];
    const placed: PlacedEntry[] = [];
    try {
      for (const [name, own] of byFolder(records)) {
        const series = await this.#seriesOf(name);
        touched.push(series);
        placed.push(...(await series.write(own, this.#log, this.#spanOf(name))));
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
    for (const entry of placed) this.#places.set(entry.index, entry);
    this.#next += placed.length;
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

  async read(index: number): Promise<SealedRecord> {
    const place = this.#places.get(index);
    const line = (await place?.segment.read(place)) as [number, number, number, StoredRecord] | undefined;
    const record = line?.[3];
    if (record?.kind === 'sealed' && record.index === index) return record;
    throw new QuietproofError('QP6554', { where: place?.segment.file ?? this.#folder });
  }

  async erase(
    { modelId, before, covered }: Erasure,
    first: (indices: readonly number[]) => Promise<void>,
  ): Promise<void> {
    const series = this.#series.get(modelId);
    const { entries, files } = series?.old(before, covered) ?? { entries: [], files: 0 };
    if (series === undefined || files === 0) return;
    const records = await Promise.all(entries.map((index) => this.read(index)));
    // Before anybody forgets them, so that at no time a receipt is one that nobody knows.
    await this.#erased.add(records.map(({ receiptId }) => receiptId));
    await first(entries);
    for (const index of entries) this.#places.delete(index);
    await series.removeOldest(files, this.#log);
  }

  wasErased(receiptId: string): boolean {
    return this.#erased.has(receiptId);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#series.values()].map((series) => series.close()));
    await this.#erased.close();
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
