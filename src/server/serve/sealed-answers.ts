import { type NamedRound, type ProvingPolicy, readLogEntry } from '@quietproof/verify/seal';
import type { DrawnMark, MarkRecord, SealedRecord } from './store/answer-store.ts';
import type { Lane } from './work-queue.ts';

/** An answer: enough to find its record and to know whether it is to be proved. */
export interface KnownAnswer {
  /** The receipt id. */
  readonly id: string;
  readonly index: number;
  readonly modelId: string;
  readonly time: number;
  /** Of the first record that says that something is to be done about it. */
  readonly position: number;
  /** Where a beacon decides whether it is drawn. */
  readonly round?: NamedRound;
  /** The round has decided, whichever way. */
  decided: boolean;
  /** Why its proof is due; missing while it is not. */
  lane?: Lane;
  /** When it became due. */
  since?: number;
  proved: boolean;
}

export function knownAnswer(record: SealedRecord, position: number): KnownAnswer {
  const entry = readLogEntry(record.entry);
  const round = entry.kind === 'answer' ? entry.draw : undefined;
  const { index, modelId, time, receiptId: id } = record;
  return { id, index, modelId, time, position, decided: false, proved: false, ...(round && { round }) };
}

/** Whether something is to be done about an answer: a proof, or a draw. */
export function isOpen({ lane, proved, round, decided }: KnownAnswer): boolean {
  return (lane !== undefined && !proved) || (round !== undefined && !decided);
}

/** A lane that comes earlier replaces the one before; the time stays that of the first. */
export function setLane(answer: KnownAnswer, lane: Lane, time: number): void {
  if (answer.lane !== 'asked') answer.lane = lane;
  answer.since ??= time;
}

/** The answers about which something is to be done, or was a moment ago. All others are in the store alone. */
export class SealedAnswers {
  readonly #byId = new Map<string, KnownAnswer>();

  get(id: string): KnownAnswer | undefined {
    return this.#byId.get(id);
  }

  get size(): number {
    return this.#byId.size;
  }

  all(): Iterable<KnownAnswer> {
    return this.#byId.values();
  }

  /** @returns the answer that is kept: the one that was there, if there was one */
  keep(answer: KnownAnswer): KnownAnswer {
    const kept = this.#byId.get(answer.id) ?? answer;
    this.#byId.set(answer.id, kept);
    return kept;
  }

  forget({ id }: Pick<KnownAnswer, 'id'>): void {
    this.#byId.delete(id);
  }
}

/** What marks say about an answer whose record was not met. */
export interface Marked {
  readonly index: number;
  readonly position: number;
  readonly lane: Lane;
  readonly since: number;
}

/** Finds out from records what is to be done. The records of a model come in their order, announcements before all. */
export class Replay {
  readonly #answers: SealedAnswers;
  readonly #policyOf: (record: SealedRecord) => ProvingPolicy;
  readonly #byIndex = new Map<number, KnownAnswer>();
  readonly #marked: Marked[] = [];
  readonly rounds = new DecidedRounds();

  constructor(answers: SealedAnswers, policyOf: (record: SealedRecord) => ProvingPolicy) {
    [this.#answers, this.#policyOf] = [answers, policyOf];
  }

  /** About answers that came before what is replayed, or of which nothing was to be done by their own record. */
  get marked(): readonly Marked[] {
    return this.#marked;
  }

  sealed(record: SealedRecord, position: number): void {
    const answer = knownAnswer(record, position);
    if (this.#policyOf(record).prove === 'all') setLane(answer, 'policy', answer.time);
    if (isOpen(answer)) this.#byIndex.set(answer.index, this.#answers.keep(answer));
  }

  mark(record: MarkRecord, position: number): void {
    const { time } = record;
    if (record.kind === 'asked') this.#mark(record.answer, position, 'asked', time);
    else if (record.kind === 'drawn') {
      this.rounds.add(record);
      for (const index of record.answers) this.#mark(index, position, 'drawn', time);
    } else if (record.drawn) this.#mark(record.answer, position, 'drawn', time);
  }

  #mark(index: number, position: number, lane: Lane, since: number): void {
    const answer = this.#byIndex.get(index);
    if (answer === undefined) this.#marked.push({ index, position, lane, since });
    else setLane(answer, lane, since);
  }
}

/** Which answers rounds of beacons have decided about. */
export class DecidedRounds {
  readonly #last = new Map<string, number>();
  /** The last round of each beacon. */
  readonly latest = new Map<string, number>();

  add({ modelId, beacon, round, last }: DrawnMark): void {
    const key = `${modelId}/${beacon}/${round}`;
    this.#last.set(key, Math.max(last, this.#last.get(key) ?? 0));
    this.latest.set(beacon, Math.max(round, this.latest.get(beacon) ?? 0));
  }

  has({ modelId, index, round }: KnownAnswer): boolean {
    if (round === undefined) return false;
    const last = this.#last.get(`${modelId}/${round.beacon}/${round.round}`);
    return last !== undefined && index <= last;
  }
}
