import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { OpeningV2 } from '@quietproof/verify';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { Answering, LONGEST_RETRY } from './answering.ts';
import { secondsOf } from './clock.ts';
import type {
  AnswerState,
  EndpointMetrics,
  LocalEndpoint,
  ModelToServe,
  Question,
  Receipt,
  Revealed,
  SealedAnswer,
  ServedModel,
} from './endpoint.ts';
import type { EndpointParts } from './endpoint-parts.ts';
import { isReceiptId, openingOf, requireRevealable } from './receipt-requests.ts';
import { isOpen, type KnownAnswer, knownAnswer, setLane } from './sealed-answers.ts';
import { type OpenedModel, ServedModels } from './served-models.ts';
import type { Lane } from './work-queue.ts';

/** The endpoint over one folder. `openEndpoint` makes it. */
export class SealedEndpoint implements LocalEndpoint {
  readonly #parts: EndpointParts;
  readonly #served: ServedModels;
  readonly #answering: Answering;
  /** Marks that are being written, so that two requests do not write two. */
  readonly #asking = new Map<string, Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(parts: EndpointParts) {
    this.#parts = parts;
    const { announcements, writer, draws } = parts;
    this.#served = new ServedModels({
      ...parts,
      hasBeacon: (hash) => draws.has(hash),
      announce: (opened) => this.#announce(opened, []),
      retire: (modelId, announcing) => announcements.announce(writer, announcing, [modelId]),
    });
    this.#answering = new Answering({
      ...parts,
      backlog: () => parts.proving,
      requireServed: (model) => {
        if (!this.models.includes(model)) throw new QuietproofError('QP6559', { where: model.modelId });
      },
      onSealed: ({ record, position }, policy) => this.#noteGiven(knownAnswer(record, position), policy),
    });
  }

  get origin(): string {
    return this.#parts.origin;
  }

  async logFile(name: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(path.join(this.#parts.logFolder, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  get models(): readonly ServedModel[] {
    return this.#served.all;
  }

  get metrics(): EndpointMetrics {
    const { writer, proving, store, publisher } = this.#parts;
    return {
      answers: this.#answering.answers,
      refused: this.#answering.refused,
      groups: writer.groups,
      proved: proving.proved,
      failedProofs: proving.failed,
      waiting: proving.waiting,
      oldestWaiting: proving.oldest,
      proofSeconds: proving.proofSeconds,
      logEntries: store.next,
      publishedEntries: publisher.covered,
      clockBehind: writer.clockBehind,
      ...publisher.services,
    };
  }

  answer(question: Question): Promise<SealedAnswer> {
    return this.#answering.answer(question);
  }

  #noteGiven(known: KnownAnswer, { prove }: Question['model']['policy']): void {
    const { answers, proving, draws, settling } = this.#parts;
    if (prove === 'all') setLane(known, 'policy', known.time);
    if (isOpen(known)) answers.keep(known);
    if (known.lane !== undefined) proving.add(known);
    else draws.add(known);
    settling.noticed(known);
  }

  async receipt(id: string): Promise<Receipt | undefined> {
    const known = await this.#known(id);
    return known === undefined || known === 'expired' ? expired(known) : this.#receiptOf(known);
  }

  async #known(id: string): Promise<KnownAnswer | 'expired' | undefined> {
    if (!isReceiptId(id)) return undefined;
    const { answers, clock } = this.#parts;
    const known = answers.get(id) ?? (await this.#lookUp(id));
    if (known === undefined || known === 'expired') return known;
    return this.#expiryOf(known) <= secondsOf(clock) ? 'expired' : known;
  }

  /** An answer about which nothing is to be done: it is proved if its bundle is there. */
  async #lookUp(id: string): Promise<KnownAnswer | 'expired' | undefined> {
    const { answers, store, files } = this.#parts;
    const record = await store.find(id);
    if (record === undefined) return undefined;
    if (record === 'erased') return 'expired';
    const known = knownAnswer(record, store.next);
    // While its round has not decided, it is among those in memory.
    known.decided = true;
    known.proved = await files.has(id);
    // Something may have come up meanwhile.
    return answers.get(id) ?? known;
  }

  #expiryOf(known: KnownAnswer): number {
    return known.time + this.#parts.announcements.policyOf(known).retention;
  }

  async #receiptOf(known: KnownAnswer): Promise<Receipt> {
    const { files, proving } = this.#parts;
    const { modelId, index, time } = known;
    const own = { modelId, index, time, expires: this.#expiryOf(known) };
    if (known.proved) return { ...own, state: 'proved', bundle: await files.read(known.id) };
    if (!proving.isDue(known)) return { ...own, state: 'sealed' };
    const place = proving.before(known);
    return { ...own, state: 'queued', place, retryAfter: Math.min(LONGEST_RETRY, proving.secondsFor(place)) };
  }

  async ask(id: string): Promise<Receipt | undefined> {
    const known = await this.#once(id, () => this.#asked(id));
    return known === undefined || known === 'expired' ? expired(known) : this.#receiptOf(known);
  }

  async #asked(id: string): Promise<KnownAnswer | 'expired' | undefined> {
    const known = await this.#known(id);
    if (known === undefined || known === 'expired' || known.proved || known.lane === 'asked') return known;
    const { writer, clock } = this.#parts;
    const time = secondsOf(clock);
    const { modelId, index: answer } = known;
    const { position } = await writer.mark({ kind: 'asked', modelId, answer, time });
    return this.#due({ ...known, position }, 'asked', time);
  }

  /** Has an answer proved because of a mark. */
  #due(known: KnownAnswer, lane: Lane, time: number): KnownAnswer {
    const { answers, proving } = this.#parts;
    const own = answers.keep(known);
    setLane(own, lane, time);
    proving.add(own);
    return own;
  }

  async reveal(id: string, randomness: Uint8Array): Promise<Revealed | undefined> {
    const known = await this.#known(id);
    if (known === undefined || known === 'expired') return undefined;
    const policy = this.#parts.announcements.policyOf(known);
    requireRevealable(randomness, policy, known.round !== undefined);
    const drawn = await this.#once(id, () => this.#revealed(known, randomness));
    const receipt = await this.receipt(id);
    return receipt && { drawn, receipt };
  }

  async #revealed(known: KnownAnswer, randomness: Uint8Array): Promise<boolean> {
    const { store, writer, draws, clock } = this.#parts;
    const before = await store.revealed(known.index);
    if (before !== undefined) return before;
    const drawn = await draws.decides(known, randomness);
    const time = secondsOf(clock);
    const { modelId, index: answer } = known;
    const { position } = await writer.mark({ kind: 'revealed', modelId, answer, drawn, time });
    const proved = await this.#parts.files.has(known.id);
    if (drawn && !proved) this.#due({ ...known, position }, 'drawn', time);
    return drawn;
  }

  /** One change of an answer's state after another. */
  async #once<T>(id: string, change: () => Promise<T>): Promise<T> {
    const before = this.#asking.get(id) ?? Promise.resolve();
    const changing = before.catch(() => {}).then(change);
    this.#asking.set(id, changing);
    try {
      return await changing;
    } finally {
      if (this.#asking.get(id) === changing) this.#asking.delete(id);
    }
  }

  async opening(id: string): Promise<OpeningV2 | undefined> {
    const known = await this.#known(id);
    if (known === undefined || known === 'expired') return undefined;
    const { store, models, announcements } = this.#parts;
    const record = await store.read(known.index);
    return openingOf(record, (modelId) => models.answerer(announcements.require(modelId)));
  }

  *answers(): Iterable<AnswerState> {
    for (const known of this.#parts.answers.all()) yield this.#stateOf(known);
  }

  answerState(id: string): AnswerState | undefined {
    const known = this.#parts.answers.get(id);
    if (known === undefined || this.#expiryOf(known) <= secondsOf(this.#parts.clock)) return undefined;
    return this.#stateOf(known);
  }

  *overdue(time: number): Iterable<AnswerState> {
    for (const id of this.#parts.proving.ids()) {
      const state = this.answerState(id);
      if (state?.due !== undefined && state.due < time) yield state;
    }
  }

  #stateOf(known: KnownAnswer): AnswerState {
    const { id: receiptId, modelId, index, time, position, proved, since } = known;
    const { within } = this.#parts.announcements.policyOf(known);
    const due = since === undefined ? {} : { due: since + within };
    return { receiptId, modelId, index, time, position, expires: this.#expiryOf(known), proved, ...due };
  }

  add(model: ModelToServe): Promise<ServedModel> {
    return this.#served.add(model);
  }

  retire(modelId: string): Promise<void> {
    return this.#served.retire(modelId);
  }

  /** Answers by these models, and by no others: what answered before an earlier end is retired. */
  async start(models: readonly ModelToServe[]): Promise<void> {
    const { announcements } = this.#parts;
    await this.#served.serve(models, (opened) => {
      const ids = new Set(opened.map(({ modelId }) => modelId));
      const left = [...announcements.all()].filter(({ modelId, retired }) => !retired && !ids.has(modelId));
      return this.#announce(
        opened,
        left.map(({ modelId }) => modelId),
      );
    });
  }

  /** Announces those that the log does not know, and which ones answer no longer. */
  async #announce(opened: readonly OpenedModel[], retires: readonly string[]): Promise<void> {
    const { announcements, writer, models } = this.#parts;
    // Their threads start now, so that the first proof does not wait for them.
    for (const model of opened) await models.pool(model);
    const unknown = opened.filter((model) => !announcements.isKnown(model));
    // The first entry says who answers no longer, whether or not it has something else to say.
    const announced = unknown.length === 0 && retires.length > 0 ? opened.slice(0, 1) : unknown;
    for (const [i, model] of announced.entries()) {
      await announcements.announce(writer, model, i === 0 ? retires : []);
    }
  }

  close(): Promise<void> {
    this.#answering.close();
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { writer, publisher, proving, draws, retention, settling, files } = this.#parts;
    const { models, store, lock, grace } = this.#parts;
    await this.#served.close();
    await writer.close();
    await Promise.all([draws.close(), retention.close()]);
    try {
      await publisher.flush();
      await proving.close(grace);
      await publisher.close();
    } finally {
      await Promise.allSettled([proving.close(0), publisher.close(), models.close(), files.close()]);
      await settling.close();
      await store.close();
      lock.release();
    }
  }
}

function expired(state: 'expired' | undefined): Receipt | undefined {
  return state === undefined ? undefined : { state };
}
