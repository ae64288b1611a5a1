import { QuietproofError } from '../../errors/quietproof-error.ts';
import { type Clock, secondsOf } from './clock.ts';
import {
  type AnnouncedRecord,
  type AnswerStore,
  isEntry,
  type MarkRecord,
  type SealedRecord,
  type StoredRecord,
} from './store/answer-store.ts';

/** Where an entry will stand in the log, and its time. */
export interface EntryPlace {
  readonly index: number;
  /** Seconds since 1970. */
  readonly time: number;
}

type EntryRecord = SealedRecord | AnnouncedRecord;

/** A record that is durable. */
export interface Written<R extends StoredRecord> {
  readonly record: R;
  /** Number of entries that the log had when its group was written. */
  readonly position: number;
}

interface Waiting {
  /** Makes the record when its place is known. */
  readonly make: (place: EntryPlace) => StoredRecord;
  readonly isEntry: boolean;
  readonly resolve: (written: Written<StoredRecord>) => void;
  readonly reject: (error: unknown) => void;
}

/** Records that are made durable together, at most: a group's size limits what waits for one disk operation. */
const MOST = 512;

/**
 * The one writer of a store. What is asked for while a group is being written forms the next group, so that many answers
 * share a sync of the disk. Indices are given to a group when it begins: if it cannot be written, the next group gets them,
 * and nobody has seen anything of the first one.
 */
export class RecordWriter {
  readonly #store: AnswerStore;
  readonly #clock: Clock;
  readonly #onEntry: (entry: string) => void;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #closed = false;
  /** Positions of the group that is being written, or was last, and of the one before. */
  #positions: readonly [number, number];
  /** Groups written. */
  groups = 0;

  /** @param onEntry told each entry when it is durable, in the order of the log, before those who asked for it */
  constructor(store: AnswerStore, clock: Clock, onEntry: (entry: string) => void) {
    [this.#store, this.#clock, this.#onEntry] = [store, clock, onEntry];
    this.#positions = [store.next, store.next];
  }

  /**
   * A position before which everybody who wrote something has gone on: those of a group do while the next is on its way to
   * the disk.
   */
  get acknowledged(): number {
    return this.#positions[1];
  }

  /** Seconds by which the clock is behind the last entry. */
  get clockBehind(): number {
    return Math.max(0, this.#store.lastTime - secondsOf(this.#clock));
  }

  /**
   * @param make gives the record of the entry at its place
   * @throws what `make` throws; QP6552; as `AnswerStore.append`
   */
  entry<R extends EntryRecord>(make: (place: EntryPlace) => R): Promise<Written<R>> {
    return this.#ask(make, true) as Promise<Written<R>>;
  }

  /** Makes a mark durable. @throws QP6552; as `AnswerStore.append` */
  mark(record: MarkRecord): Promise<Written<StoredRecord>> {
    return this.#ask(() => record, false);
  }

  #ask(make: Waiting['make'], isEntry: boolean): Promise<Written<StoredRecord>> {
    if (this.#closed) return Promise.reject(new QuietproofError('QP6552'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ make, isEntry, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  async #write(): Promise<void> {
    // What is asked for in the same turn of the event loop is one group.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, MOST);
      await this.#inTurn(() => this.#writeGroup(group)).catch((error) => {
        for (const asked of group) asked.reject(error);
      });
    }
    this.#writing = undefined;
  }

  async #inTurn(write: () => Promise<void>): Promise<void> {
    await (this.#store.exclusively === undefined ? write() : this.#store.exclusively(write));
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    // Entries never go back in time: while the clock is behind, they have the last time.
    const time = Math.max(this.#store.lastTime, secondsOf(this.#clock));
    const position = this.#store.next;
    this.#positions = [position, this.#positions[0]];
    let index = position;
    const made: { readonly asked: Waiting; readonly record: StoredRecord }[] = [];
    for (const asked of group) {
      try {
        const record = asked.make({ index, time });
        made.push({ asked, record });
        if (asked.isEntry) index += 1;
      } catch (error) {
        asked.reject(error);
      }
    }
    if (made.length === 0) return;
    try {
      await this.#store.append(made.map(({ record }) => record));
    } catch (error) {
      for (const { asked } of made) asked.reject(error);
      return;
    }
    this.groups += 1;
    for (const { record } of made) if (isEntry(record)) this.#onEntry(record.entry);
    for (const { asked, record } of made) asked.resolve({ record, position });
  }

  /** Refuses what comes from now on, and waits for what is being written. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
  }
}
