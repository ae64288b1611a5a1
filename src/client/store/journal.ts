import type { WatchRecord, WatchStore } from './watch-store.ts';

/** What is known, as far as it is durable. */
export interface Journaled {
  apply(record: WatchRecord): void;
  /** The record could not be written. */
  refused(record: WatchRecord): void;
  /** As few records as give the same state. */
  snapshot(): WatchRecord[];
}

interface Waiting {
  readonly records: readonly WatchRecord[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Records after which the store is written anew, if most of them are out of date. */
const MOST_RECORDS = 20_000;

/** Writes records, many together, and applies each when it is durable. */
export class Journal {
  readonly #store: WatchStore;
  readonly #state: Journaled;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #count: number;

  /** @param count of records in the store */
  constructor(store: WatchStore, state: Journaled, count: number) {
    [this.#store, this.#state, this.#count] = [store, state, count];
  }

  /** Resolves when the records are durable. @throws what the store throws: then nothing of it is known */
  write(...records: readonly (WatchRecord | undefined)[]): Promise<void> {
    const given = records.filter((record) => record !== undefined);
    if (given.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records: given, resolve, reject });
      this.#writing ??= this.#drain();
    });
  }

  async #drain(): Promise<void> {
    // What comes in the same turn is one group.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#group(this.#waiting.splice(0));
    this.#writing = undefined;
  }

  async #group(group: readonly Waiting[]): Promise<void> {
    const records = group.flatMap((one) => one.records);
    try {
      await this.#store.append(records);
    } catch (error) {
      for (const record of records) this.#state.refused(record);
      for (const { reject } of group) reject(error);
      return;
    }
    for (const record of records) this.#state.apply(record);
    this.#count += records.length;
    for (const { resolve } of group) resolve();
    await this.#shorten();
  }

  async #shorten(): Promise<void> {
    if (this.#count < MOST_RECORDS) return;
    const records = this.#state.snapshot();
    // Writing it anew costs its length: it must not happen again soon.
    this.#count = Math.min(records.length, MOST_RECORDS / 2);
    // If it fails, the longer store says the same.
    if (records.length < MOST_RECORDS / 2) await this.#store.rewrite(records).catch(() => {});
  }

  /** Resolves when everything that was given is written or refused. */
  async idle(): Promise<void> {
    await this.#writing;
  }
}
