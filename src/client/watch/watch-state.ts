import type { Hex } from '@quietproof/verify';
import { type AnswerEntry, type ModelEntry, readLogEntry } from '@quietproof/verify/seal';
import type { AlarmBook } from '../alarms/alarm-book.ts';
import type { Journaled } from '../store/journal.ts';
import type {
  AnswerRecord,
  CheckpointRecord,
  CountsRecord,
  LogRecord,
  WatchBegan,
  WatchRecord,
} from '../store/watch-store.ts';
import { Doubts } from './doubts.ts';

/** An answer, and what is known about it. */
export interface KeptAnswer {
  readonly record: AnswerRecord;
  readonly entry: AnswerEntry;
  included: boolean;
  /** When its proof is due, because it was promised, asked for or drawn. */
  due: number | undefined;
  asked: boolean;
  /** The endpoint has said that it will prove it; not stored, so asked again after a start. */
  taken: boolean;
  drawn: 'open' | 'yes' | 'no';
  outcome: 'proved' | 'failed' | undefined;
  /** Of the last thing that became known. */
  changed: number;
  /** When the endpoint is asked again; not stored. */
  nextLook: number;
}

export interface Announcement {
  readonly index: number;
  readonly entry: ModelEntry;
}

/** All that a watch knows: what its records say, one after another. */
export class WatchState implements Journaled {
  began: WatchBegan | undefined;
  log: LogRecord | undefined;
  checkpoint: CheckpointRecord | undefined;
  readonly answers = new Map<Hex, KeptAnswer>();
  /** Receipts by their place in the log, of all answers that ever came. */
  readonly places = new Map<number, Hex>();
  readonly exchanges = new Set<string>();
  /** By model, the last one; and the first, from which on it may answer. */
  readonly announced = new Map<Hex, { readonly first: Announcement; readonly last: Announcement }>();
  /** Checkpoints of others, to be compared. */
  readonly others = new Set<string>();
  /** By model: answers and proofs, of those too that are kept no longer. */
  readonly counts = new Map<Hex, { answers: number; proved: number; last: number | undefined }>();
  /** The answer farthest in the log. */
  latest: KeptAnswer | undefined;
  readonly doubts = new Doubts();
  readonly book: AlarmBook;
  readonly #keep: number;
  readonly #announcements: { readonly index: number; readonly entry: string }[] = [];
  readonly #leaves = new Map<Hex, number>();
  readonly #seen = new Map<Hex, number>();
  readonly #now: () => number;

  /** @param keep seconds for which an answer stays after everything is known about it */
  constructor(book: AlarmBook, keep: number, now: () => number) {
    [this.book, this.#keep, this.#now] = [book, keep, now];
  }

  apply(record: WatchRecord): void {
    switch (record.kind) {
      case 'watch':
        this.began = record;
        return;
      case 'log':
        this.log = record;
        return;
      case 'answer':
        this.#addAnswer(record);
        return;
      case 'seen':
        this.places.set(record.index, record.receiptId);
        this.#seen.set(record.receiptId, record.index);
        return;
      case 'progress':
        this.#progress(record);
        return;
      case 'checkpoint':
        this.checkpoint = record;
        return;
      case 'announced':
        this.#announce(record);
        return;
      case 'told':
        this.book.add(record.told);
        return;
      case 'evidence':
        this.book.show(record.id, record.evidence);
        return;
      case 'ended':
      case 'acknowledged':
        this.book.mark(record.id, record.kind, record.at);
        return;
      case 'other':
        if (record.done) this.others.delete(record.text);
        else this.others.add(record.text);
        return;
      case 'doubt':
        this.doubts.apply(record);
        return;
      case 'counts':
        this.#count(record);
        return;
    }
  }

  refused(record: WatchRecord): void {
    if (record.kind === 'answer') this.places.delete(record.index);
    if (record.kind === 'told') this.book.refused(record.told);
  }

  /**
   * Takes a place in the log for a receipt, before it is durable.
   *
   * @returns the receipt that came before with this id, or for this place
   */
  reserve(receiptId: Hex, index: number): Hex | undefined {
    const before = this.places.get(index);
    if (before !== undefined) return before;
    if (this.answers.has(receiptId) || this.#seen.has(receiptId)) return receiptId;
    this.places.set(index, receiptId);
    return undefined;
  }

  #addAnswer(record: AnswerRecord): void {
    const { receiptId, index, exchange, model, at, proveBy } = record;
    const entry = readLogEntry(record.entry) as AnswerEntry;
    const answer: KeptAnswer = {
      record,
      entry,
      included: false,
      due: record.askAt === undefined ? undefined : proveBy,
      asked: false,
      taken: false,
      drawn: 'open',
      outcome: undefined,
      changed: at,
      nextLook: 0,
    };
    this.answers.set(receiptId, answer);
    if (this.latest === undefined || this.latest.record.index < index) this.latest = answer;
    this.places.set(index, receiptId);
    this.#leaves.set(entry.leaf, index);
    if (exchange !== undefined) this.exchanges.add(exchange);
    const counts = this.#countsOf(model);
    counts.answers += 1;
    counts.last = at;
  }

  /** Where the statement of an own answer was promised to stand. */
  placeOf(leaf: Hex): number | undefined {
    return this.#leaves.get(leaf);
  }

  #progress({ receiptId, what, at, due }: Extract<WatchRecord, { kind: 'progress' }>): void {
    const answer = this.answers.get(receiptId);
    if (answer === undefined) return;
    answer.changed = at;
    if (what === 'included') answer.included = true;
    else if (what === 'not-drawn') answer.drawn = 'no';
    else if (what === 'asked' || what === 'drawn') {
      if (what === 'asked') answer.asked = true;
      else answer.drawn = 'yes';
      if (due !== undefined) answer.due = Math.min(answer.due ?? due, due);
    } else {
      if (what === 'proved' && answer.outcome !== 'proved') this.#countsOf(answer.record.model).proved += 1;
      answer.outcome = what;
    }
  }

  #announce(record: { readonly index: number; readonly entry: string }): void {
    const entry = readLogEntry(record.entry);
    if (entry.kind !== 'model') return;
    const last = { index: record.index, entry };
    this.#announcements.push({ index: record.index, entry: record.entry });
    this.announced.set(entry.modelId, { first: this.announced.get(entry.modelId)?.first ?? last, last });
  }

  #countsOf(model: Hex): { answers: number; proved: number; last: number | undefined } {
    const found = this.counts.get(model) ?? { answers: 0, proved: 0, last: undefined };
    this.counts.set(model, found);
    return found;
  }

  #count({ model, answers, proved }: CountsRecord): void {
    const counts = this.#countsOf(model);
    counts.answers += answers;
    counts.proved += proved;
  }

  snapshot(): WatchRecord[] {
    const head = [this.began, this.log].filter((one) => one !== undefined);
    const told = [...this.book.alarms, ...this.book.notices].map(
      (one) => ({ kind: 'told', told: one }) as const,
    );
    const announced = this.#announcements.map((one) => ({ kind: 'announced', ...one }) as const);
    const others = [...this.others].map((text) => ({ kind: 'other', text, done: false }) as const);
    const seen = [...this.#seen].map(([receiptId, index]) => ({ kind: 'seen', receiptId, index }) as const);
    const answers: WatchRecord[] = [];
    const gone = new Map([...this.counts].map(([model, counts]) => [model, { ...counts }]));
    for (const answer of this.answers.values()) {
      const { receiptId, index, model } = answer.record;
      if (isSettled(answer) && answer.changed + this.#keep < this.#now()) {
        answers.push({ kind: 'seen', receiptId, index });
        continue;
      }
      answers.push(...recordsOf(answer));
      const counts = gone.get(model)!;
      counts.answers -= 1;
      if (answer.outcome === 'proved') counts.proved -= 1;
    }
    const counts = [...gone].map(([model, { answers: count, proved }]) => {
      return { kind: 'counts', model, answers: count, proved } as const;
    });
    const last = this.checkpoint === undefined ? [] : [this.checkpoint];
    return [
      ...head,
      ...announced,
      ...told,
      ...others,
      ...this.doubts.snapshot(),
      ...counts,
      ...seen,
      ...answers,
      ...last,
    ];
  }
}

/** Nothing more is to be found out. */
export function isSettled({ included, outcome, record, due, drawn, entry }: KeptAnswer): boolean {
  if (!included) return false;
  if (outcome !== undefined) return true;
  return record.askAt === undefined && due === undefined && (entry.draw === undefined || drawn === 'no');
}

function recordsOf(answer: KeptAnswer): WatchRecord[] {
  const { record, included, asked, drawn, outcome, due, changed } = answer;
  const { receiptId } = record;
  const progress = (what: Extract<WatchRecord, { kind: 'progress' }>['what']) =>
    ({ kind: 'progress', receiptId, what, at: changed, ...(due !== undefined && { due }) }) as const;
  return [
    record,
    ...(included ? [progress('included')] : []),
    ...(asked ? [progress('asked')] : []),
    ...(drawn === 'yes' ? [progress('drawn')] : drawn === 'no' ? [progress('not-drawn')] : []),
    ...(outcome !== undefined ? [progress(outcome)] : []),
  ];
}
