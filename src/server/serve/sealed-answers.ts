import { type NamedRound, readLogEntry } from '@quietproof/verify/seal';
import type { DrawnMark, SealedRecord, StoredRecord } from './store/answer-store.ts';
import type { Lane } from './work-queue.ts';

/** What is in memory about an answer: enough to find its record and to know whether it is to be proved. */
export interface KnownAnswer {
  /** The receipt id. */
  readonly id: string;
  readonly index: number;
  readonly modelId: string;
  readonly time: number;
  /** Where a beacon decides whether it is drawn. */
  readonly round?: NamedRound;
  /** A draw has decided, whichever way. */
  decided: boolean;
  /** Why its proof is due, as it was recorded; missing while it is not. */
  lane?: Lane;
  /** When it became due by that. */
  since?: number;
  proved: boolean;
}

/** The answers whose records are kept, by receipt and by index. */
export class SealedAnswers {
  readonly #byId = new Map<string, KnownAnswer>();
  readonly #byIndex = new Map<number, KnownAnswer>();

  add(record: SealedRecord): KnownAnswer {
    const entry = readLogEntry(record.entry);
    const round = entry.kind === 'answer' ? entry.draw : undefined;
    const { index, modelId, time, receiptId: id } = record;
    const own = { id, index, modelId, time, decided: false, proved: false, ...(round && { round }) };
    this.#byId.set(id, own);
    this.#byIndex.set(index, own);
    return own;
  }

  get(id: string): KnownAnswer | undefined {
    return this.#byId.get(id);
  }

  at(index: number): KnownAnswer | undefined {
    return this.#byIndex.get(index);
  }

  all(): Iterable<KnownAnswer> {
    return this.#byIndex.values();
  }

  forget(answer: KnownAnswer): void {
    this.#byId.delete(answer.id);
    this.#byIndex.delete(answer.index);
  }

  /** Repeats what the store has. The records of a model come in their order; announcements are none of its business. */
  replay(record: StoredRecord, rounds: DecidedRounds): void {
    if (record.kind === 'sealed') this.add(record);
    else if (record.kind === 'asked') this.#mark(record.answer, 'asked', record.time);
    else if (record.kind === 'revealed') {
      const answer = this.#mark(record.answer, record.drawn ? 'drawn' : undefined, record.time);
      if (answer !== undefined) answer.decided = true;
    } else if (record.kind === 'drawn') {
      rounds.add(record);
      for (const index of record.answers) this.#mark(index, 'drawn', record.time);
    }
  }

  #mark(index: number, lane: Lane | undefined, time: number): KnownAnswer | undefined {
    // Marks may outlive the answers that they are about.
    const answer = this.#byIndex.get(index);
    if (answer !== undefined && lane !== undefined) setLane(answer, lane, time);
    return answer;
  }
}

/** A lane that comes earlier replaces the one before; the time stays that of the first. */
export function setLane(answer: KnownAnswer, lane: Lane, time: number): void {
  if (answer.lane !== 'asked') answer.lane = lane;
  answer.since ??= time;
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
