import type { WatchRecord, WatchStore } from './watch-store.ts';

/** Keeps records for as long as the program runs. */
export class MemoryStore implements WatchStore {
  #records: WatchRecord[] = [];

  async append(records: readonly WatchRecord[]): Promise<void> {
    this.#records.push(...records);
  }

  read(): Iterable<WatchRecord> {
    return [...this.#records];
  }

  async rewrite(records: readonly WatchRecord[]): Promise<void> {
    this.#records = [...records];
  }
}
