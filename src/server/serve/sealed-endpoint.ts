import type { OpeningV2 } from '@quietproof/verify';
import { makeOpeningV2 } from '../../bundle/make-opening.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { Busy } from './busy.ts';
import { checkPolicy } from './check-policy.ts';
import { secondsOf } from './clock.ts';
import type {
  AnswerState,
  Endpoint,
  EndpointMetrics,
  ModelToServe,
  Question,
  Receipt,
  Revealed,
  SealedAnswer,
  ServedModel,
} from './endpoint.ts';
import type { EndpointParts } from './endpoint-parts.ts';
import { type KnownAnswer, setLane } from './sealed-answers.ts';

type OpenedModel = Omit<ServedModel, 'since'>;

const RECEIPT_ID = /^[0-9a-f]{64}$/;
const LONGEST_RETRY = 300;
const RANDOMNESS_BYTES = 32;

/** The endpoint over one folder. `openEndpoint` makes it. */
export class SealedEndpoint implements Endpoint {
  readonly #parts: EndpointParts;
  #models: readonly ServedModel[] = [];
  /** Marks that are being written, so that two requests do not write two. */
  readonly #asking = new Map<string, Promise<void>>();
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

  get logFolder(): string {
    return this.#parts.logFolder;
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
    const { models, sealer, answers, proving, draws } = this.#parts;
    const answerer = await models.answerer(model);
    // Nothing is awaited from here to sealing: the log names no answer of a model behind the entry that retires it.
    if (!this.#models.includes(model)) throw new QuietproofError('QP6559', { where: model.modelId });
    const started = performance.now();
    const answer = answerer.answer(row);
    const executed = performance.now();
    const { policy } = model;
    const record = await sealer.seal({ answerer, answer, context, policy });
    const known = answers.add(record);
    if (policy.prove === 'all') proving.add(known, 'policy', known.time);
    else draws.add(known);
    this.#answers += 1;
    this.#noticeClock();
    const { receiptId, index, statement, nonce, salt } = record;
    const promise = sealer.promise(record);
    const milliseconds = { execute: executed - started, seal: performance.now() - executed };
    const sent = { receiptId, index, outputs: answer.signals, promise, statement, nonce, milliseconds };
    return { ...sent, ...(salt !== undefined && { salt }) };
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
    const known = this.#known(id);
    return known === undefined || known === 'expired' ? expired(known) : this.#receiptOf(known);
  }

  #known(id: string): KnownAnswer | 'expired' | undefined {
    if (!RECEIPT_ID.test(id)) return undefined;
    const { answers, store, clock } = this.#parts;
    const known = answers.get(id);
    if (known === undefined) return store.wasErased(id) ? 'expired' : undefined;
    return this.#expiryOf(known) <= secondsOf(clock) ? 'expired' : known;
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
    const known = this.#known(id);
    if (known === undefined || known === 'expired') return expired(known);
    if (!known.proved && known.lane !== 'asked') await this.#once(known, () => this.#markAsked(known));
    return this.#receiptOf(known);
  }

  async #markAsked(known: KnownAnswer): Promise<void> {
    if (known.lane === 'asked') return;
    const { writer, proving, clock } = this.#parts;
    const time = secondsOf(clock);
    await writer.mark({ kind: 'asked', modelId: known.modelId, answer: known.index, time });
    setLane(known, 'asked', time);
    proving.add(known, 'asked', time);
  }

  async reveal(id: string, randomness: Uint8Array): Promise<Revealed | undefined> {
    const known = this.#known(id);
    if (known === undefined || known === 'expired') return undefined;
    const { sample } = this.#parts.announcements.policyOf(known);
    if (randomness.length !== RANDOMNESS_BYTES || sample === undefined || known.round !== undefined) {
      const what = randomness.length === RANDOMNESS_BYTES ? {} : { what: 'Randomness of 32 bytes is needed' };
      throw new QuietproofError('QP6558', what);
    }
    await this.#once(known, () => this.#markRevealed(known, randomness));
    return { drawn: known.lane === 'drawn', receipt: await this.#receiptOf(known) };
  }

  async #markRevealed(known: KnownAnswer, randomness: Uint8Array): Promise<void> {
    if (known.decided) return;
    const { writer, proving, draws, clock } = this.#parts;
    const drawn = await draws.decides(known, randomness);
    const time = secondsOf(clock);
    await writer.mark({ kind: 'revealed', modelId: known.modelId, answer: known.index, drawn, time });
    known.decided = true;
    if (!drawn) return;
    setLane(known, 'drawn', time);
    proving.add(known, 'drawn', time);
  }

  /** One change of an answer's state after another. */
  async #once({ id }: KnownAnswer, change: () => Promise<void>): Promise<void> {
    const before = this.#asking.get(id) ?? Promise.resolve();
    const changing = before.catch(() => {}).then(change);
    this.#asking.set(id, changing);
    try {
      await changing;
    } finally {
      if (this.#asking.get(id) === changing) this.#asking.delete(id);
    }
  }

  async opening(id: string): Promise<OpeningV2 | undefined> {
    const known = this.#known(id);
    if (known === undefined || known === 'expired') return undefined;
    const { store, models, announcements } = this.#parts;
    const { integers, input, salt } = await store.read(known.index);
    if (salt === undefined) return undefined;
    const answerer = await models.answerer(announcements.require(known.modelId));
    const parts = { values: integers, salt: BigInt(salt), ...(input !== undefined && { input }) };
    return makeOpeningV2(answerer.recordV2(), parts);
  }

  *answers(): Iterable<AnswerState> {
    for (const known of this.#parts.answers.all()) yield this.#stateOf(known);
  }

  answerState(id: string): AnswerState | undefined {
    const known = this.#known(id);
    return known === undefined || known === 'expired' ? undefined : this.#stateOf(known);
  }

  *overdue(time: number): Iterable<AnswerState> {
    for (const id of this.#parts.proving.ids()) {
      const state = this.answerState(id);
      if (state?.due !== undefined && state.due < time) yield state;
    }
  }

  #stateOf(known: KnownAnswer): AnswerState {
    const { id: receiptId, modelId, index, time, proved, lane } = known;
    const policy = this.#parts.announcements.policyOf(known);
    const isDue = lane !== undefined || policy.prove === 'all';
    const due = isDue ? { due: (known.since ?? time) + policy.within } : {};
    return { receiptId, modelId, index, time, expires: this.#expiryOf(known), proved, ...due };
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
    const { writer, publisher, proving, draws, retention, models, store, lock, grace } = this.#parts;
    await this.#changing;
    await writer.close();
    await Promise.all([draws.close(), retention.close()]);
    try {
      await publisher.flush();
      await proving.close(grace);
      await publisher.close();
    } finally {
      await Promise.allSettled([proving.close(0), publisher.close(), models.close()]);
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
