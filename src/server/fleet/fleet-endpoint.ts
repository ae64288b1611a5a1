import type { OpeningV2 } from '@quietproof/verify';
import { makeOpeningV2 } from '../../bundle/make-opening.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { Announcements } from '../serve/announcements.ts';
import { Busy } from '../serve/busy.ts';
import { checkPolicy } from '../serve/check-policy.ts';
import { type Clock, secondsOf } from '../serve/clock.ts';
import type { Cosigning } from '../serve/cosigning.ts';
import type {
  Endpoint,
  EndpointEvent,
  EndpointMetrics,
  ModelToServe,
  Question,
  Receipt,
  Revealed,
  SealedAnswer,
  ServedModel,
} from '../serve/endpoint.ts';
import type { OpenModels } from '../serve/open-models.ts';
import type { RecordWriter } from '../serve/record-writer.ts';
import type { Sealer } from '../serve/sealer.ts';
import type { Database } from './database.ts';
import type { DatabaseLog } from './database-log.ts';
import { type FleetAnswer, findAnswer, placeOf, reasonOf } from './fleet-answers.ts';
import type { FleetChores } from './fleet-chores.ts';
import type { FleetDraws } from './fleet-draws.ts';
import type { FleetPublisher } from './fleet-publisher.ts';
import { type FleetState, NO_STATE, readFleetState } from './fleet-state.ts';
import type { PostgresStore } from './postgres-store.ts';
import type { ProofQueue } from './queue.ts';
import type { ServedFiles } from './served-files.ts';

/** What the endpoint of a fleet is made of. */
export interface FleetParts {
  readonly origin: string;
  readonly database: Database;
  readonly store: PostgresStore;
  readonly queue: ProofQueue;
  readonly writer: RecordWriter;
  readonly sealer: Sealer;
  readonly announcements: Announcements;
  readonly models: OpenModels;
  readonly log: DatabaseLog;
  readonly publisher: FleetPublisher;
  readonly cosigning: Cosigning;
  readonly chores: FleetChores;
  readonly draws: FleetDraws;
  readonly files: ServedFiles;
  readonly clock: Clock;
  readonly longestWait: number;
  /** Milliseconds between looks at what other servers and the workers do. */
  readonly lookEvery: number;
  readonly onEvent: (event: EndpointEvent) => void;
}

type OpenedModel = Omit<ServedModel, 'since'>;

const RECEIPT_ID = /^[0-9a-f]{64}$/;
const LONGEST_RETRY = 300;
const RANDOMNESS_BYTES = 32;

/**
 * One of the servers over one database. It keeps nothing of an answer in memory: others answer too, and any of them tells
 * what has come of an answer.
 */
export class FleetEndpoint implements Endpoint {
  readonly #parts: FleetParts;
  #models: readonly ServedModel[] = [];
  #state: FleetState = NO_STATE;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #changing: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;
  #answers = 0;
  #refused = 0;
  #isBehind = false;

  constructor(parts: FleetParts) {
    this.#parts = parts;
  }

  get origin(): string {
    return this.#parts.origin;
  }

  get models(): readonly ServedModel[] {
    return this.#models;
  }

  /** Files of artifacts, for workers. */
  get files(): ServedFiles {
    return this.#parts.files;
  }

  get metrics(): EndpointMetrics {
    const { writer, store, publisher, cosigning } = this.#parts;
    const { proved, failed, seconds, workers, threads } = this.#state;
    const queues = this.#models.map(({ name, version, modelId }) => {
      const own = this.#state.queues.get(modelId) ?? { waiting: 0, oldest: 0, dead: 0 };
      return { name, version, ...own };
    });
    return {
      answers: this.#answers,
      refused: this.#refused,
      groups: writer.groups,
      proved,
      failedProofs: failed,
      waiting: this.#waiting,
      oldestWaiting: this.#oldest,
      proofSeconds: seconds,
      logEntries: store.next,
      publishedEntries: publisher.covered,
      clockBehind: writer.clockBehind,
      fleet: { workers, threads, queues },
      witnesses: cosigning.witnesses.map(({ name, entries, failures }) => ({ name, entries, failures })),
      authorities: [],
    };
  }

  get #waiting(): number {
    return [...this.#state.queues.values()].reduce((sum, { waiting }) => sum + waiting, 0);
  }

  get #oldest(): number {
    return Math.max(0, ...[...this.#state.queues.values()].map(({ oldest }) => oldest));
  }

  logFile(name: string): Promise<Uint8Array | undefined> {
    return this.#parts.log.file(name);
  }

  async answer({ model, row, context }: Question): Promise<SealedAnswer> {
    if (this.#closing !== undefined) throw new QuietproofError('QP6552');
    this.#requireInTime();
    const { models, sealer, announcements } = this.#parts;
    const answerer = await models.answerer(model);
    if (!this.#models.includes(model) || announcements.get(model.modelId)?.retired !== false) {
      throw new QuietproofError('QP6559', { where: model.modelId });
    }
    if (!announcements.isKnown(model)) throw new QuietproofError('QP6577', { where: model.modelId });
    const started = performance.now();
    const answer = answerer.answer(row);
    const executed = performance.now();
    const { record } = await sealer.seal({ answerer, answer, context, policy: model.policy });
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
    const late = this.#oldest - this.#parts.longestWait;
    if (late <= 0) return;
    this.#refused += 1;
    const retryAfter = Math.min(LONGEST_RETRY, Math.max(1, late));
    throw new Busy(retryAfter, `A proof has been due for ${this.#oldest} s, and ${this.#waiting} wait`);
  }

  #noticeClock(): void {
    const seconds = this.#parts.writer.clockBehind;
    if (seconds > 0 && !this.#isBehind) this.#parts.onEvent({ kind: 'clock-set-back', seconds });
    this.#isBehind = seconds > 0;
  }

  async receipt(id: string): Promise<Receipt | undefined> {
    const found = await this.#find(id);
    return found === undefined || 'state' in found ? found : this.#receiptOf(found);
  }

  async #find(id: string): Promise<FleetAnswer | Extract<Receipt, { state: 'expired' }> | undefined> {
    if (!RECEIPT_ID.test(id)) return undefined;
    const { database, store, clock, announcements } = this.#parts;
    const found = await findAnswer(database, id);
    if (found === undefined) return (await store.wasErased(id)) ? { state: 'expired' } : undefined;
    // Another server may have announced the model since the last look.
    if (announcements.get(found.modelId) === undefined) await this.#learn();
    return this.#expiryOf(found) <= secondsOf(clock) ? { state: 'expired' } : found;
  }

  #expiryOf(found: FleetAnswer): number {
    return found.time + this.#parts.announcements.policyOf(found).retention;
  }

  async #receiptOf(found: FleetAnswer): Promise<Exclude<Receipt, { state: 'expired' }>> {
    const { modelId, index, time, lane, bundle } = found;
    const own = { modelId, index, time, expires: this.#expiryOf(found) };
    if (bundle !== undefined) return { ...own, state: 'proved', bundle };
    if (lane === null) return { ...own, state: 'sealed' };
    const givenUp = reasonOf(found.dead);
    if (givenUp !== undefined) {
      return { ...own, state: 'queued', place: 0, retryAfter: LONGEST_RETRY, givenUp };
    }
    const place = await placeOf(this.#parts.database, found);
    return { ...own, state: 'queued', place, retryAfter: this.#secondsFor(place) };
  }

  #secondsFor(place: number): number {
    const { proved, seconds, threads } = this.#state;
    const average = proved === 0 ? 1 : seconds / proved;
    return Math.min(LONGEST_RETRY, Math.max(1, Math.ceil(((place + 1) * average) / Math.max(1, threads))));
  }

  async ask(id: string): Promise<Receipt | undefined> {
    const found = await this.#find(id);
    if (found === undefined || 'state' in found) return found;
    const isDone = found.bundle !== undefined || (found.lane === 'asked' && found.dead === null);
    if (isDone) return this.#receiptOf(found);
    const { modelId, index: answer } = found;
    const time = secondsOf(this.#parts.clock);
    await this.#parts.writer.mark({ kind: 'asked', modelId, answer, time });
    return this.receipt(id);
  }

  async reveal(id: string, randomness: Uint8Array): Promise<Revealed | undefined> {
    const found = await this.#find(id);
    if (found === undefined || 'state' in found) return undefined;
    const { store, writer, draws, clock, announcements } = this.#parts;
    const { sample } = announcements.policyOf(found);
    if (randomness.length !== RANDOMNESS_BYTES || sample === undefined || found.beacon !== null) {
      const what = randomness.length === RANDOMNESS_BYTES ? {} : { what: 'Randomness of 32 bytes is needed' };
      throw new QuietproofError('QP6558', what);
    }
    const { modelId, index: answer } = found;
    if (!found.decided) {
      const record = await store.read(answer);
      if (record === undefined) return undefined;
      const { entry } = record;
      const drawn = draws.decides({ modelId, index: answer, entry }, randomness);
      // The database takes the first one, whichever server it comes from.
      await writer.mark({ kind: 'revealed', modelId, answer, drawn, time: secondsOf(clock) });
    }
    const after = await this.#find(id);
    if (after === undefined || 'state' in after) return undefined;
    return { drawn: after.lane === 'drawn', receipt: await this.#receiptOf(after) };
  }

  async opening(id: string): Promise<OpeningV2 | undefined> {
    const found = await this.#find(id);
    if (found === undefined || 'state' in found) return undefined;
    const { store, models, announcements } = this.#parts;
    const record = await store.read(found.index);
    if (record?.salt === undefined) return undefined;
    const { integers, input, salt } = record;
    const answerer = await models.answerer(announcements.require(found.modelId));
    const parts = { values: integers, salt: BigInt(salt), ...(input !== undefined && { input }) };
    return makeOpeningV2(answerer.recordV2(), parts);
  }

  add(model: ModelToServe): Promise<ServedModel> {
    return this.#change(async () => {
      const [served] = await this.#serve([model]);
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
      this.#models = others;
      await this.#learn();
      if (announcements.get(modelId)?.retired) return;
      // The database refuses what any server would still answer by it.
      await announcements.announce(writer, announcing, [modelId]);
    });
  }

  #change<T>(change: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) return Promise.reject(new QuietproofError('QP6552'));
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => {});
    return changed;
  }

  /**
   * Answers by these models. Unlike the only server of a log, it retires none: others may answer by them.
   *
   * @throws as `add`
   */
  async start(models: readonly ModelToServe[]): Promise<void> {
    await this.#look();
    await this.#serve(models);
    this.#parts.publisher.start();
    this.#schedule();
  }

  async #serve(toServe: readonly ModelToServe[]): Promise<ServedModel[]> {
    const { announcements, files } = this.#parts;
    const opened: OpenedModel[] = [];
    for (const model of toServe) opened.push(await this.#open(model));
    requireDistinct([...this.#models, ...opened]);
    await this.#learn();
    for (const model of opened) {
      await this.#announce(model);
      await files.offer(model);
    }
    const served = opened.map((model) => ({ ...model, since: announcements.require(model.modelId).since }));
    this.#models = [...this.#models, ...served];
    return served;
  }

  /** Unless the log says so already, perhaps by another server that starts too. */
  async #announce(model: OpenedModel): Promise<void> {
    const { announcements, writer } = this.#parts;
    while (!announcements.isKnown(model)) {
      try {
        await announcements.announce(writer, model, []);
      } catch (error) {
        if (!(error instanceof QuietproofError) || error.code !== 'QP6575') throw error;
        await this.#learn();
      }
    }
  }

  async #open({ artifactDir, name, version = '1', policy }: ModelToServe): Promise<OpenedModel> {
    const { models, draws } = this.#parts;
    const answerer = await models.open(artifactDir);
    const record = answerer.recordV2();
    const own = name ?? answerer.reading.name;
    checkPolicy(policy, own, (hash) => draws.has(hash));
    return { name: own, version, modelId: record.ids.modelId, record, artifactDir, policy };
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.#look()
        .catch((error: unknown) => this.#parts.onEvent({ kind: 'look-failed', error }))
        .finally(() => {
          if (this.#closing === undefined) this.#schedule();
        });
    }, this.#parts.lookEvery);
  }

  async #look(): Promise<void> {
    const { database, clock, draws } = this.#parts;
    await this.#learn();
    await draws.refresh();
    this.#state = await readFleetState(database, secondsOf(clock));
  }

  /** What other servers have announced. */
  async #learn(): Promise<void> {
    const { store, announcements } = this.#parts;
    await store.refresh((record) => announcements.replay(record));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { writer, publisher, models, queue, database } = this.#parts;
    clearTimeout(this.#timer);
    await this.#changing;
    await this.#looking;
    try {
      await writer.close();
      await publisher.close();
    } finally {
      await Promise.allSettled([models.close(), queue.close()]);
      await database.close();
    }
  }
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
