import type { Extent } from '../../../store/checked-lines.ts';
import { isEntry, type StoredRecord } from './answer-store.ts';

/** Where an entry is in the last file of a series. */
export interface PlacedEntry extends Extent {
  readonly index: number;
  /** Index of the first entry of its group. */
  readonly base: number;
}

/** Times of the first record of a file and of its latest. */
interface Times {
  readonly first: number;
  readonly latest: number;
}

/** What is known of the records of the last file of a series, so that they are found without reading it. */
export class LastRecords {
  readonly #entries: PlacedEntry[] = [];
  #times: Times | undefined;

  /** By index, ascending. */
  get entries(): readonly PlacedEntry[] {
    return this.#entries;
  }

  /** Undefined while it has no records. */
  get times(): Times | undefined {
    return this.#times;
  }

  note({ record, base }: { readonly record: StoredRecord; readonly base: number }, extent: Extent): void {
    const { time } = record;
    const { first = time, latest = time } = this.#times ?? {};
    this.#times = { first, latest: Math.max(latest, time) };
    const { offset, length } = extent;
    if (isEntry(record)) this.#entries.push({ index: record.index, base, offset, length });
  }

  /** By bisection. */
  find(index: number): PlacedEntry | undefined {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#entries[middle]!.index < index) low = middle + 1;
      else high = middle;
    }
    const found = this.#entries[low];
    return found?.index === index ? found : undefined;
  }

  /** What `undo` goes back to. */
  get state(): LastState {
    return { entries: this.#entries.length, times: this.#times };
  }

  undo({ entries, times }: LastState): void {
    this.#entries.splice(entries);
    this.#times = times;
  }
}

export interface LastState {
  /** How many there are. */
  readonly entries: number;
  readonly times: Times | undefined;
}
