import type { AlarmBook } from '../alarms/alarm-book.ts';
import type { Journal } from '../store/journal.ts';
import type { DoubtRecord } from '../store/watch-store.ts';

/** Something that may be wrong, and may as well be on its way. Times in seconds since 1970. */
export interface Doubt {
  readonly since: number;
  /**
   * Seconds for which it was seen to be so. The time in which no watch ran does not count: what was wrong before and
   * after it may have been right in between.
   */
  readonly lasted: number;
}

interface Open {
  readonly since: number;
  /** What `lasted` was when this process began to look. */
  readonly before: number;
  /** When this process first saw it. */
  from: number | undefined;
  /** What the store says of `lasted`. */
  stored: number | undefined;
}

/** A watch that is killed loses no more than this of what a doubt has lasted. */
const STORED_EVERY = 30;

/** What is in doubt, by its name: durable, so that a watch that begins again goes on waiting, and not from the start. */
export class Doubts {
  readonly #open = new Map<string, Open>();

  get(what: string): number | undefined {
    return this.#open.get(what)?.since;
  }

  /** It is in doubt still. @returns what is to be written, if anything is */
  raise(what: string, now: number): Doubt & { readonly record: DoubtRecord | undefined } {
    const open = this.#open.get(what) ?? { since: now, before: 0, from: now, stored: undefined };
    open.from ??= now;
    this.#open.set(what, open);
    const { since, before, from, stored } = open;
    const lasted = before + now - from;
    const isStored = stored !== undefined && lasted - stored < STORED_EVERY;
    return { since, lasted, record: isStored ? undefined : { kind: 'doubt', what, since, lasted } };
  }

  /** It is as it should be. @returns since when it was in doubt */
  clear(what: string): number | undefined {
    const since = this.get(what);
    this.#open.delete(what);
    return since;
  }

  /** A record is durable, or was read. */
  apply({ what, since, lasted }: DoubtRecord): void {
    if (lasted === undefined) {
      this.#open.delete(what);
      return;
    }
    const open = this.#open.get(what);
    if (open?.from !== undefined) open.stored = lasted;
    else this.#open.set(what, { since, before: lasted, from: undefined, stored: lasted });
  }

  snapshot(): DoubtRecord[] {
    return [...this.#open].map(([what, { since, stored = 0 }]) => {
      return { kind: 'doubt', what, since, lasted: stored };
    });
  }
}

interface Doubting {
  readonly state: { readonly doubts: Doubts };
  readonly journal: Journal;
  readonly book: AlarmBook;
  readonly now: () => number;
}

/** It is in doubt still. @returns since when, when that is durable */
export async function doubt({ state, journal, now }: Doubting, what: string): Promise<Doubt> {
  const { record, ...open } = state.doubts.raise(what, now());
  await journal.write(record);
  return open;
}

/**
 * It is as it should be: what was told of it has ended.
 *
 * @param alarmIds of the alarms that there may be about it
 */
export async function settle(
  { state, journal, book, now }: Doubting,
  what: string,
  alarmIds: (since: number) => readonly string[] = () => [],
): Promise<void> {
  const since = state.doubts.clear(what);
  if (since === undefined) return;
  const standing = alarmIds(since).filter((id) => book.find(id) !== undefined);
  const ended = standing.map((id) => ({ kind: 'ended', id, at: now() }) as const);
  await journal.write({ kind: 'doubt', what, since }, ...ended);
}
