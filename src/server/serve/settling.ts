import type { Announcements } from './announcements.ts';
import type { EndpointEvent } from './endpoint.ts';
import type { RecordWriter } from './record-writer.ts';
import { isOpen, type KnownAnswer, type SealedAnswers } from './sealed-answers.ts';
import type { AnswerStore } from './store/answer-store.ts';

export interface SettlingParts {
  readonly store: AnswerStore;
  readonly writer: RecordWriter;
  readonly answers: SealedAnswers;
  readonly announcements: Announcements;
  /** Whether somebody is still to be told about an answer. */
  readonly owed: (receiptId: string) => boolean;
  readonly onEvent: (event: EndpointEvent) => void;
}

/** Answers that are given or finished between two times that the store is told. */
const EVERY = 1024;

/**
 * Forgets answers about which nothing is to be done any more, and tells the store from which position on there is work, so
 * that the next start reads no more. What it tells is a hint: work follows from records and bundles alone.
 */
export class Settling {
  readonly #parts: SettlingParts;
  /** Finished, but somebody is still to be told. */
  readonly #owed = new Set<KnownAnswer>();
  #count = 0;
  #settling: Promise<void> = Promise.resolve();

  constructor(parts: SettlingParts) {
    this.#parts = parts;
  }

  /** An answer was given, or something about it was done. */
  noticed(answer: KnownAnswer): void {
    if (!isOpen(answer)) this.#finish(answer);
    this.#count += 1;
    if (this.#count % EVERY === 0) void this.settle(this.#parts.writer.acknowledged);
  }

  #finish(answer: KnownAnswer): void {
    const { owed, answers } = this.#parts;
    if (owed(answer.id)) this.#owed.add(answer);
    else {
      this.#owed.delete(answer);
      if (answers.get(answer.id) === answer) answers.forget(answer);
    }
  }

  /**
   * @param acknowledged position before which whoever wrote a record has told what is to be done about it
   */
  settle(acknowledged: number): Promise<void> {
    for (const answer of this.#owed) this.#finish(answer);
    const positions = this.#positions(acknowledged);
    this.#settling = this.#settling.then(() => this.#tell(positions));
    return this.#settling;
  }

  /** By model, the position of the oldest record because of which something is to be done. */
  #positions(acknowledged: number): Map<string, number> {
    const { announcements, answers } = this.#parts;
    const all = new Map(Array.from(announcements.all(), ({ modelId }) => [modelId, acknowledged]));
    for (const { modelId, position } of answers.all()) {
      all.set(modelId, Math.min(position, all.get(modelId) ?? acknowledged));
    }
    return all;
  }

  async #tell(positions: ReadonlyMap<string, number>): Promise<void> {
    const { store, onEvent } = this.#parts;
    try {
      const from = await Promise.all(Array.from(positions, ([id, position]) => store.settle(id, position)));
      onEvent({ kind: 'settled', position: Math.min(...from) });
    } catch {
      // The next time; until then a start reads more.
    }
  }

  /** Everything was told that there was. */
  async close(): Promise<void> {
    await this.settle(this.#parts.store.next);
  }
}
