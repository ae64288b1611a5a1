import { setMaxListeners } from 'node:events';
import { contextSignal } from '@quietproof/verify';
import { sealContextId } from '@quietproof/verify/seal';
import type { ModelAnswerer } from '../../prove/model-answerer.ts';
import type { ProvedRow, ProveJob } from '../../prover/prove-job.ts';
import type { Announcements } from './announcements.ts';
import { type Clock, secondsOf } from './clock.ts';
import type { EndpointEvent } from './endpoint.ts';
import type { LogPublisher } from './log-publisher.ts';
import type { OpenModels } from './open-models.ts';
import type { ProofFiles } from './proof-files.ts';
import type { KnownAnswer, SealedAnswers } from './sealed-answers.ts';
import { sealedBundle } from './sealed-bundle.ts';
import type { AnswerStore, SealedRecord } from './store/answer-store.ts';
import { WorkQueue } from './work-queue.ts';

export interface ProvingParts {
  readonly origin: string;
  readonly store: AnswerStore;
  readonly answers: SealedAnswers;
  readonly announcements: Announcements;
  readonly models: OpenModels;
  readonly publisher: LogPublisher;
  readonly files: ProofFiles;
  /** Worker threads per model. */
  readonly workers: number;
  readonly clock: Clock;
  /** A proof is there, and was told. */
  readonly onProved: (answer: KnownAnswer) => void;
  readonly onEvent: (event: EndpointEvent) => void;
}

/** With one more than there are workers, a worker always has a row when it has finished one. */
const SPARE = 1;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 300_000;
/** How fast the average forgets. */
const WEIGHT = 0.1;

/** Proves what is sealed and due. Its state follows from the store and the bundles, so it keeps none. */
export class Proving {
  readonly #parts: ProvingParts;
  readonly #queue = new WorkQueue<KnownAnswer>();
  /** All that is due and not proved, oldest first, with the time since when. */
  readonly #due = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  readonly #finishing = new Set<Promise<void>>();
  readonly #creating = new Set<Promise<void>>();
  readonly #pauses = new Map<NodeJS.Timeout, KnownAnswer>();
  readonly #failures = new Map<string, number>();
  readonly #stop = new AbortController();
  #closed = false;
  #average = 0;
  proved = 0;
  failed = 0;
  proofSeconds = 0;

  constructor(parts: ProvingParts) {
    this.#parts = parts;
    // Each row listens.
    setMaxListeners(0, this.#stop.signal);
  }

  get waiting(): number {
    return this.#due.size;
  }

  /** Seconds since the oldest of what is due was due. */
  get oldest(): number {
    const [since] = this.#due.values();
    return since === undefined ? 0 : Math.max(0, secondsOf(this.#parts.clock) - since);
  }

  /** Seconds until something in the queue is proved: an estimate. */
  secondsFor(place: number): number {
    return Math.max(1, Math.ceil(((place + 1) * (this.#average || 1)) / this.#parts.workers));
  }

  /** An answer that has a lane, or another one than before. */
  add(answer: KnownAnswer): void {
    const { id, lane = 'policy', since = answer.time } = answer;
    if (answer.proved || this.#closed) return;
    const isNew = !this.#due.has(id);
    if (isNew) this.#due.set(id, since);
    if (isNew || this.#queue.has(id)) this.#queue.add(answer, lane);
    this.#pump();
  }

  /** Of all that is due. */
  ids(): Iterable<string> {
    return this.#due.keys();
  }

  isDue({ id }: KnownAnswer): boolean {
    return this.#due.has(id);
  }

  /** How many proofs come before, at most. */
  before({ id }: KnownAnswer): number {
    return this.#queue.before(id);
  }

  forget({ id }: KnownAnswer): void {
    this.#queue.remove(id);
    this.#due.delete(id);
    this.#failures.delete(id);
  }

  #pump(): void {
    while (!this.#closed && this.#running.size < this.#parts.workers + SPARE) {
      const answer = this.#queue.take();
      if (answer === undefined) return;
      const running = this.#prove(answer)
        .catch((error) => this.#failedOnce(answer, error))
        .finally(() => {
          this.#running.delete(running);
          this.#pump();
        });
      this.#running.add(running);
    }
  }

  async #prove(answer: KnownAnswer): Promise<void> {
    const { store, announcements, models } = this.#parts;
    const model = announcements.require(answer.modelId);
    const [record, answerer, pool] = await Promise.all([
      store.read(answer.index),
      models.answerer(model),
      models.pool(model),
    ]);
    // Its retention has ended meanwhile.
    if (record === undefined) return;
    const proved = await pool.prove(this.#jobOf(record), this.#stop.signal);
    const { witness, prove } = proved.milliseconds;
    const seconds = (witness + prove) / 1000;
    this.proofSeconds += seconds;
    this.#average = this.#average === 0 ? seconds : this.#average * (1 - WEIGHT) + seconds * WEIGHT;
    // The thread is free for the next row while this one's bundle waits for its log proof.
    const finishing = this.#finish(answer, { record, answerer, proved })
      .then((isNew) => {
        if (!isNew) return;
        this.#parts.onEvent({ kind: 'proved', receiptId: answer.id, seconds });
        this.#parts.onProved(answer);
      })
      .catch((error) => this.#failedOnce(answer, error))
      .finally(() => this.#finishing.delete(finishing));
    this.#finishing.add(finishing);
  }

  /** The pool compares the public signals with the executor's, and `sealedBundle` with the statement. */
  #jobOf({ index, nonce, integers, salt, context }: SealedRecord): ProveJob {
    const contextId = Buffer.from(sealContextId({ origin: this.#parts.origin, index }, nonce), 'hex');
    return {
      integers: Float64Array.from(integers),
      salt: salt === undefined ? null : BigInt(salt),
      context: contextSignal(Buffer.from(context, 'base64'), contextId),
    };
  }

  /** @returns whether the bundle is there, which it is not if the retention has ended meanwhile */
  async #finish(
    answer: KnownAnswer,
    { record, answerer, proved }: { record: SealedRecord; answerer: ModelAnswerer; proved: ProvedRow },
  ): Promise<boolean> {
    const { publisher, files, answers } = this.#parts;
    await publisher.covers(answer.index);
    const logProof = await publisher.proofOf(answer.index);
    const bundle = sealedBundle(answerer.recordV2(), { record, proved, logProof });
    const isKept = () => answers.get(answer.id) === answer;
    if (!isKept()) return false;
    const creating = files.create(answer.id, bundle).finally(() => this.#creating.delete(creating));
    this.#creating.add(creating);
    await creating;
    if (!isKept()) return false;
    answer.proved = true;
    this.proved += 1;
    this.forget(answer);
    return true;
  }

  /** Resolves when all bundles that are being written now are there. */
  async created(): Promise<void> {
    await Promise.allSettled(this.#creating);
  }

  #failedOnce(answer: KnownAnswer, error: unknown): void {
    if (this.#closed || !this.#due.has(answer.id)) return;
    this.failed += 1;
    this.#parts.onEvent({ kind: 'proof-failed', receiptId: answer.id, error });
    const failures = (this.#failures.get(answer.id) ?? 0) + 1;
    this.#failures.set(answer.id, failures);
    const timer = setTimeout(
      () => {
        this.#pauses.delete(timer);
        if (!this.#due.has(answer.id)) return;
        this.#queue.add(answer, answer.lane ?? 'policy');
        this.#pump();
      },
      Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)),
    );
    this.#pauses.set(timer, answer);
  }

  /**
   * Starts nothing more, and waits for what is being proved; what takes longer is left for the next time.
   *
   * @param grace milliseconds
   */
  async close(grace: number): Promise<void> {
    this.#closed = true;
    for (const timer of this.#pauses.keys()) clearTimeout(timer);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, grace);
    });
    const all = Promise.all(this.#running).then(() => Promise.all(this.#finishing));
    await Promise.race([all, late]);
    clearTimeout(timer);
    this.#stop.abort();
    await Promise.all(this.#running);
  }
}
