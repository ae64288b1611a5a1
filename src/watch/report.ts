import type { Alarm, WatchStatus } from '@quietproof/client';

/** What the watch knows, with what its proxy knows of itself. */
export interface WatchReport extends WatchStatus {
  /** Answers that were handed on and are not checked yet. */
  readonly unexamined: number;
  /** What the watch could not do, the last first. */
  readonly troubles: readonly Trouble[];
}

/** Something is wrong with the watch, not with the endpoint. Times in seconds since 1970. */
export interface Trouble {
  readonly what: string;
  readonly since: number;
  readonly last: number;
  readonly times: number;
}

/** Alarms that have neither ended nor been acknowledged. */
export function standing({ alarms }: Pick<WatchReport, 'alarms'>): Alarm[] {
  return alarms.filter(({ ended, acknowledged }) => ended === undefined && acknowledged === undefined);
}

const MOST_TROUBLES = 20;

/** Troubles by what they are: one that goes on is one. */
export class Troubles {
  readonly #byText = new Map<string, Trouble>();

  add(what: string, now = Date.now() / 1000): void {
    const known = this.#byText.get(what);
    this.#byText.delete(what);
    this.#byText.set(what, { what, since: known?.since ?? now, last: now, times: (known?.times ?? 0) + 1 });
    const [oldest] = this.#byText.keys();
    if (this.#byText.size > MOST_TROUBLES) this.#byText.delete(oldest!);
  }

  get all(): Trouble[] {
    return [...this.#byText.values()].reverse();
  }
}
