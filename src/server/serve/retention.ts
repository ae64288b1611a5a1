import type { Announcements } from './announcements.ts';
import { type Clock, secondsOf } from './clock.ts';
import type { Draws } from './draws.ts';
import type { EndpointEvent } from './endpoint.ts';
import type { LogPublisher } from './log-publisher.ts';
import type { OpenModels } from './open-models.ts';
import type { ProofFiles } from './proof-files.ts';
import type { Proving } from './proving.ts';
import type { SealedAnswers } from './sealed-answers.ts';
import type { AnswerStore, ErasedAnswer } from './store/answer-store.ts';

export interface RetentionParts {
  readonly store: AnswerStore;
  readonly answers: SealedAnswers;
  readonly announcements: Announcements;
  readonly models: OpenModels;
  readonly publisher: LogPublisher;
  readonly proving: Proving;
  readonly draws: Draws;
  readonly files: ProofFiles;
  readonly clock: Clock;
  readonly onEvent: (event: EndpointEvent) => void;
}

/** Milliseconds between two looks at what is old, at most. */
const LONGEST_PAUSE_MS = 3_600_000;
/** Looks per retention. */
const LOOKS = 32;

/** Erases what answers are proved and opened with when their retention ends. Their entries stay in the log. */
export class Retention {
  readonly #parts: RetentionParts;
  #timer: NodeJS.Timeout | undefined;
  #erasing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  /** Erases what is old now, and from then on. */
  start(): void {
    const retentions = Array.from(this.#parts.announcements.all(), ({ modelId }) =>
      this.#parts.announcements.retentionOf(modelId),
    );
    const pause = Math.min(LONGEST_PAUSE_MS, (Math.min(...retentions) * 1000) / LOOKS);
    void this.erase().finally(() => {
      if (!this.#closed) this.#timer = setTimeout(() => this.start(), pause);
    });
  }

  /** Erases what is old now. Resolves also where that fails, which is an event. */
  erase(): Promise<void> {
    this.#erasing = this.#erasing.then(() => this.#eraseAll());
    return this.#erasing;
  }

  async #eraseAll(): Promise<void> {
    for (const { modelId, retired } of [...this.#parts.announcements.all()]) {
      try {
        await this.#eraseOf(modelId);
        if (retired && !this.#isNeeded(modelId)) await this.#parts.models.release(modelId);
      } catch (error) {
        this.#parts.onEvent({ kind: 'erase-failed', error });
      }
    }
  }

  async #eraseOf(modelId: string): Promise<void> {
    const { store, announcements, publisher, clock } = this.#parts;
    const before = secondsOf(clock) - announcements.retentionOf(modelId);
    const period = { modelId, before, covered: publisher.covered };
    await store.erase(period, (erased) => this.#eraseElsewhere(modelId, erased));
  }

  /** Before the records go, so that a crash in between leaves what this is done again by. */
  async #eraseElsewhere(modelId: string, erased: readonly ErasedAnswer[]): Promise<void> {
    const { answers, proving, draws, files, onEvent } = this.#parts;
    let unproved = 0;
    for (const answer of erased.flatMap(({ receiptId }) => answers.get(receiptId) ?? [])) {
      if (proving.isDue(answer)) unproved += 1;
      answers.forget(answer);
      proving.forget(answer);
      draws.forget(answer);
    }
    // No bundle of them is begun from here on, so that none is left when the records are gone.
    await proving.created();
    await files.remove(erased.map(({ receiptId }) => receiptId));
    onEvent({ kind: 'erased', modelId, answers: erased.length, unproved });
  }

  #isNeeded(modelId: string): boolean {
    for (const answer of this.#parts.answers.all()) {
      if (answer.modelId === modelId && this.#parts.proving.isDue(answer)) return true;
    }
    return false;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#erasing;
  }
}
