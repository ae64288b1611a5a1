import { type BeaconChain, isDrawn, roundTime } from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { BeaconSource } from './beacon-client.ts';
import { type Clock, secondsOf } from './clock.ts';
import type { RecordWriter } from './record-writer.ts';
import type { KnownAnswer } from './sealed-answers.ts';
import type { BeaconRounds } from './sealer.ts';
import type { AnswerStore, DrawnMark } from './store/answer-store.ts';

export interface DrawParts {
  readonly origin: string;
  readonly store: AnswerStore;
  readonly writer: RecordWriter;
  readonly beacons: readonly BeaconSource[];
  readonly clock: Clock;
  /** Which share of answers like this one is drawn. */
  readonly shareOf: (answer: KnownAnswer) => string;
  /** A draw has decided. */
  readonly onDecided: (answer: KnownAnswer, drawn: boolean, time: number) => void;
  readonly onFailure: (round: number, error: unknown) => void;
}

/** Answers that one round decides about. */
interface OpenRound {
  readonly source: BeaconSource;
  readonly round: number;
  readonly answers: KnownAnswer[];
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** Timers of Node take at most 2^31 - 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** A round is not everywhere at the second of its time. */
const LATE_MS = 500;

/** Waits for the rounds of beacons that answers name, and draws. */
export class Draws implements BeaconRounds {
  readonly #parts: DrawParts;
  readonly #sources: ReadonlyMap<string, BeaconSource>;
  /** By beacon and number. */
  readonly #open = new Map<string, OpenRound>();
  readonly #latest = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #drawing: Promise<void> | undefined;
  #failures = 0;
  #closed = false;

  constructor(parts: DrawParts) {
    this.#parts = parts;
    this.#sources = new Map(parts.beacons.map((source) => [source.chain.hash, source]));
  }

  has(hash: string): boolean {
    return this.#sources.has(hash);
  }

  /** @throws QP6557 */
  chain(hash: string): BeaconChain {
    return this.#source(hash).chain;
  }

  latest(hash: string): number {
    return this.#latest.get(hash) ?? 0;
  }

  /** A round was seen, now or before a restart. */
  saw(hash: string, round: number): void {
    this.#latest.set(hash, Math.max(round, this.latest(hash)));
  }

  #source(hash: string): BeaconSource {
    const source = this.#sources.get(hash);
    if (source !== undefined) return source;
    throw new QuietproofError('QP6557', { what: `No beacon with the chain ${hash} was given` });
  }

  /** An answer that its round has not decided about. @throws QP6557 */
  add(answer: KnownAnswer): void {
    const { round: named } = answer;
    if (named === undefined) return;
    const key = `${named.beacon}/${named.round}`;
    const open = this.#open.get(key) ?? {
      source: this.#source(named.beacon),
      round: named.round,
      answers: [],
    };
    open.answers.push(answer);
    this.#open.set(key, open);
    this.#schedule(0);
  }

  #schedule(pause: number): void {
    if (this.#closed || this.#drawing !== undefined) return;
    clearTimeout(this.#timer);
    const next = Math.min(...[...this.#open.values()].map(timeOf));
    if (next === Number.POSITIVE_INFINITY) return;
    const wait = Math.max(pause, next * 1000 + LATE_MS - this.#parts.clock());
    this.#timer = setTimeout(() => this.#start(), Math.min(wait, LONGEST_TIMER_MS));
  }

  #start(): void {
    this.#drawing = this.#drawAll().finally(() => {
      this.#drawing = undefined;
      const pause = this.#failures === 0 ? 0 : FIRST_PAUSE_MS * 2 ** (this.#failures - 1);
      this.#schedule(Math.min(LONGEST_PAUSE_MS, pause));
    });
  }

  async #drawAll(): Promise<void> {
    const now = secondsOf(this.#parts.clock);
    const out = [...this.#open].filter(([, open]) => timeOf(open) <= now);
    let failed = false;
    for (const [key, open] of out.sort(([, a], [, b]) => a.round - b.round)) {
      if (this.#closed) return;
      try {
        await this.#draw(key, open);
      } catch (error) {
        failed = true;
        this.#parts.onFailure(open.round, error);
      }
    }
    this.#failures = failed ? this.#failures + 1 : 0;
  }

  async #draw(key: string, { source, round, answers }: OpenRound): Promise<void> {
    const checked = await source.round(round);
    this.saw(checked.beacon, checked.round);
    // No answer names the round from here on.
    this.#open.delete(key);
    const undecided = new Set(answers.filter(({ decided }) => !decided));
    try {
      for (const [modelId, own] of byModel(undecided)) {
        const drawn: KnownAnswer[] = [];
        for (const answer of own) if (await this.decides(answer, checked.randomness)) drawn.push(answer);
        const mark: DrawnMark = {
          kind: 'drawn',
          modelId,
          beacon: checked.beacon,
          round,
          last: Math.max(...own.map(({ index }) => index)),
          answers: drawn.map(({ index }) => index),
          time: secondsOf(this.#parts.clock),
        };
        await this.#parts.writer.mark(mark);
        for (const answer of own) {
          answer.decided = true;
          undecided.delete(answer);
        }
        const chosen = new Set(drawn);
        const time = roundTime(source.chain, round);
        for (const answer of own) this.#parts.onDecided(answer, chosen.has(answer), time);
      }
    } finally {
      if (undecided.size > 0) this.#open.set(key, { source, round, answers: [...undecided] });
    }
  }

  /** Whether randomness draws an answer. */
  async decides(answer: KnownAnswer, randomness: Uint8Array): Promise<boolean> {
    const { origin, store, shareOf } = this.#parts;
    const { index } = answer;
    const record = await store.read(index);
    // Its retention has ended meanwhile.
    if (record === undefined) return false;
    const { entry } = record;
    const share = shareOf(answer);
    return isDrawn({ origin, index, entry: new TextEncoder().encode(entry), randomness, share });
  }

  /** Retention has ended. */
  forget(answer: KnownAnswer): void {
    // So that no round is asked for only because of it, and none of its record is read.
    answer.decided = true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#drawing;
  }
}

function timeOf({ source, round }: OpenRound): number {
  return roundTime(source.chain, round);
}

function byModel(answers: Iterable<KnownAnswer>): Map<string, KnownAnswer[]> {
  const all = new Map<string, KnownAnswer[]>();
  for (const answer of answers) {
    const own = all.get(answer.modelId) ?? [];
    own.push(answer);
    all.set(answer.modelId, own);
  }
  return all;
}
