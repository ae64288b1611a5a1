import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { OpeningV2 } from '@quietproof/verify';
import { makeOpeningV2 } from '../../bundle/make-opening.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { Busy } from './busy.ts';
import { checkPolicy } from './check-policy.ts';
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
import { isOpen, type KnownAnswer, knownAnswer, setLane } from './sealed-answers.ts';
import type { Lane } from './work-queue.ts';

type OpenedModel = Omit<ServedModel, 'since'>;

const RECEIPT_ID = /^[0-9a-f]{64}$/;
const LONGEST_RETRY = 300;
const RANDOMNESS_BYTES = 32;

/** The endpoint over one folder. `openEndpoint` makes it. */
export class SealedEndpoint implements LocalEndpoint {
  readonly #parts: EndpointParts;
  #models: readonly ServedModel[] = [];
  /** Marks that are being written, so that two requests do not write two. */
  readonly #asking = new Map<string, Promise<unknown>>();
  #changing: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;
  #answers = 0;
  #refused = 0;
  #isBehind = false;

  constructor(parts: EndpointParts) {
    this.#parts = parts;
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
    return this.#models;
  }

  get metrics(): EndpointMetrics {
    const { writer, proving, store, publisher } = this.#parts;
    return {
      answers: this.#answers,
      refused: this.#refused,
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

  async answer({ model, row, context }: Question): Promise<SealedAnswer> {
    if (this.#closing !== undefined) throw new QuietproofError('QP6552');
    this.#requireInTime();
    const { models, sealer } = this.#parts;
    const answerer = await models.answerer(model);
    // Nothing is awaited from here to sealing: the log names no answer of a model behind the entry that retires it.
    if (!this.#models.includes(model)) throw new QuietproofError('QP6559', { where: model.modelId });
    const started = performance.now();
    const answer = answerer.answer(row);
    const executed = performance.now();
    const { policy } = model;
    const { record, position } = await sealer.seal({ answerer, answer, context, policy });
    this.#noteGiven(knownAnswer(record, position), policy);
    this.#answers += 1;
    this.#noticeClock();
    const { receiptId, index, statement, nonce, salt } = record;
    const promise = sealer.promise(record);
    const milliseconds = { execute: executed - started, seal: performance.now() - executed };
    const sent = { receiptId, index, outputs: answer.signals, promise, statement, nonce, milliseconds };
    return { ...sent, ...(salt !== undefined && { salt }) };
  }

  #noteGiven(known: KnownAnswer, { prove }: Question['model']['policy']): void {
    const { answers, proving, draws, settling } = this.#parts;
    if (prove === 'all') setLane(known, 'policy', known.time);
    if (isOpen(known)) answers.keep(known);
    if (known.lane !== undefined) proving.add(known);
    else draws.add(known);
    settling.noticed(known);
  }

  /** @throws Busy */
  #requireInTime(): void {
    const { proving, longestWait } = this.#parts;
    const late = proving.oldest - longestWait;
    if (late <= 0) return;
    this.#refused += 1;
    const retryAfter = Math.min(LONGEST_RETRY, Math.max(1, late));
    throw new Busy(retryAfter, `A proof has been due for ${proving.oldest} s, and ${proving.waiting} wait`);
  }

  #noticeClock(): void {
    const seconds = this.#parts.writer.clockBehind;
    if (seconds > 0 && !this.#isBehind) this.#parts.onEvent({ kind: 'clock-set-back', seconds });
    this.#isBehind = seconds > 0;
  }

  async receipt(id: string): Promise<Receipt | undefined> {
    const known = await this.#known(id);
    return known === undefined || known === 'expired' ? expired(known) : this.#receiptOf(known);
  }

  async #known(id: string): Promise<KnownAnswer | 'expired' | undefined> {
    if (!RECEIPT_ID.test(id)) return undefined;
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
    const { sample } = this.#parts.announcements.policyOf(known);
    if (randomness.length !== RANDOMNESS_BYTES || sample === undefined || known.round !== undefined) {
      const what = randomness.length === RANDOMNESS_BYTES ? {} : { what: 'Randomness of 32 bytes is needed' };
      throw new QuietproofError('QP6558', what);
    }
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
    const { integers, input, salt } = (await store.read(known.index)) ?? {};
    if (integers === undefined || salt === undefined) return undefined;
    const answerer = await models.answerer(announcements.require(known.modelId));
    const parts = { values: integers, salt: BigInt(salt), ...(input !== undefined && { input }) };
    return makeOpeningV2(answerer.recordV2(), parts);
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
    return this.#change(async () => {
      const [served] = await this.#serve([model], () => []);
      return served!;
    });
  }

  retire(modelId: string): Promise<void> {
    return this.#change(async () => {
      const { announcements, writer } = this.#parts;
      const others = this.#models.filter((model) => model.modelId !== modelId);
      if (others.length === this.#models.length) throw new QuietproofError('QP6559', { where: modelId });
      const [announcing] = others;
      if (announcing === undefined) {
        throw new QuietproofError('QP6559', { what: 'The last model cannot be retired', where: modelId });
      }
      // It gives no answers from here on: the entry comes after all that it has given.
      this.#models = others;
      await announcements.announce(writer, announcing, [modelId]);
    });
  }

  #change<T>(change: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) return Promise.reject(new QuietproofError('QP6552'));
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => {});
    return changed;
  }

  /** Answers by these models, and by no others: what answered before an earlier end is retired. */
  async start(models: readonly ModelToServe[]): Promise<void> {
    const { announcements } = this.#parts;
    await this.#serve(models, (opened) => {
      const ids = new Set(opened.map(({ modelId }) => modelId));
      const left = [...announcements.all()].filter(({ modelId, retired }) => !retired && !ids.has(modelId));
      return left.map(({ modelId }) => modelId);
    });
  }

  /** Opens models, announces those that the log does not know, and answers by them. */
  async #serve(
    toServe: readonly ModelToServe[],
    retiring: (opened: readonly OpenedModel[]) => readonly string[],
  ): Promise<ServedModel[]> {
    const { announcements, writer } = this.#parts;
    const opened: OpenedModel[] = [];
    for (const model of toServe) opened.push(await this.#open(model));
    requireDistinct([...this.#models, ...opened]);
    const retires = retiring(opened);
    const unknown = opened.filter((model) => !announcements.isKnown(model));
    // The first entry says who answers no longer, whether or not it has something else to say.
    const announced = unknown.length === 0 && retires.length > 0 ? opened.slice(0, 1) : unknown;
    for (const [i, model] of announced.entries()) {
      await announcements.announce(writer, model, i === 0 ? retires : []);
    }
    const served = opened.map((model) => ({ ...model, since: announcements.require(model.modelId).since }));
    this.#models = [...this.#models, ...served];
    return served;
  }

  async #open({ artifactDir, name, version = '1', policy }: ModelToServe): Promise<OpenedModel> {
    const { models, draws } = this.#parts;
    const answerer = await models.open(artifactDir);
    const record = answerer.recordV2();
    const own = name ?? answerer.reading.name;
    checkPolicy(policy, own, (hash) => draws.has(hash));
    const { modelId } = record.ids;
    // Its threads start now, so that the first proof does not wait for them.
    await models.pool({ modelId, artifactDir });
    return { name: own, version, modelId, record, artifactDir, policy };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { writer, publisher, proving, draws, retention, settling, files } = this.#parts;
    const { models, store, lock, grace } = this.#parts;
    await this.#changing;
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

/** @throws QP6561 */
function requireDistinct(models: readonly Pick<ServedModel, 'name' | 'version' | 'modelId'>[]): void {
  const seen = new Set<string>();
  for (const { name, version, modelId } of models) {
    for (const key of [modelId, `${name} ${version}`]) {
      if (seen.has(key)) throw new QuietproofError('QP6561', { where: `${name}, version ${version}` });
      seen.add(key);
    }
  }
}
