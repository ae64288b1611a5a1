import type { OpeningV2 } from '@quietproof/verify';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { Announcements } from '../serve/announcements.ts';
import { Answering } from '../serve/answering.ts';
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
import { type OpenedModel, ServedModels } from '../serve/served-models.ts';
import type { Timestamping } from '../serve/timestamping.ts';
import type { ReceiverState } from '../webhooks/addresses.ts';
import type { Database } from './database.ts';
import type { DatabaseLog } from './database-log.ts';
import type { FleetChores } from './fleet-chores.ts';
import type { FleetDraws } from './fleet-draws.ts';
import type { FleetPublisher } from './fleet-publisher.ts';
import { FleetReceipts } from './fleet-receipts.ts';
import { type FleetState, NO_STATE, readFleetState } from './fleet-state.ts';
import type { FleetWebhooks } from './fleet-webhooks.ts';
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
  readonly timestamping: Timestamping;
  readonly webhooks: FleetWebhooks;
  readonly chores: FleetChores;
  readonly draws: FleetDraws;
  readonly files: ServedFiles;
  readonly clock: Clock;
  readonly longestWait: number;
  /** Milliseconds between looks at what other servers and the workers do. */
  readonly lookEvery: number;
  readonly onEvent: (event: EndpointEvent) => void;
}

/**
 * One of the servers over one database. It keeps nothing of an answer in memory: others answer too, and any of them tells
 * what has come of an answer.
 */
export class FleetEndpoint implements Endpoint {
  readonly #parts: FleetParts;
  readonly #served: ServedModels;
  readonly #answering: Answering;
  readonly #receipts: FleetReceipts;
  #state: FleetState = NO_STATE;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(parts: FleetParts) {
    this.#parts = parts;
    const { draws } = parts;
    this.#served = new ServedModels({
      ...parts,
      hasBeacon: (hash) => draws.has(hash),
      announce: (opened) => this.#announce(opened),
      retire: (modelId, announcing) => this.#retire(modelId, announcing),
    });
    this.#answering = new Answering({
      ...parts,
      backlog: () => ({ oldest: this.#oldest, waiting: this.#waiting }),
      requireServed: (model) => this.#requireServed(model),
    });
    this.#receipts = new FleetReceipts({
      ...parts,
      learn: () => this.#learn(),
      state: () => this.#state,
    });
  }

  get origin(): string {
    return this.#parts.origin;
  }

  get models(): readonly ServedModel[] {
    return this.#served.all;
  }

  /** Files of artifacts, for workers. */
  get files(): ServedFiles {
    return this.#parts.files;
  }

  get metrics(): EndpointMetrics {
    const { writer, store, publisher, cosigning, timestamping } = this.#parts;
    const { proved, failed, seconds, workers, threads } = this.#state;
    const queues = this.models.map(({ name, version, modelId }) => {
      const own = this.#state.queues.get(modelId) ?? { waiting: 0, oldest: 0, dead: 0 };
      return { name, version, ...own };
    });
    return {
      answers: this.#answering.answers,
      refused: this.#answering.refused,
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
      witnesses: cosigning.witnesses.map(({ metrics }) => metrics),
      authorities: timestamping.authorities.map(({ metrics }) => metrics),
    };
  }

  /** Who is told about proofs: what this server has sent. */
  get receivers(): readonly ReceiverState[] {
    return this.#parts.webhooks.receivers;
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

  answer(question: Question): Promise<SealedAnswer> {
    return this.#answering.answer(question);
  }

  #requireServed(model: ServedModel): void {
    const { announcements } = this.#parts;
    const { modelId } = model;
    if (!this.models.includes(model) || announcements.get(modelId)?.retired !== false) {
      throw new QuietproofError('QP6559', { where: modelId });
    }
    if (!announcements.isKnown(model)) throw new QuietproofError('QP6577', { where: modelId });
  }

  receipt(id: string): Promise<Receipt | undefined> {
    return this.#receipts.receipt(id);
  }

  ask(id: string): Promise<Receipt | undefined> {
    return this.#receipts.ask(id);
  }

  reveal(id: string, randomness: Uint8Array): Promise<Revealed | undefined> {
    return this.#receipts.reveal(id, randomness);
  }

  opening(id: string): Promise<OpeningV2 | undefined> {
    return this.#receipts.opening(id);
  }

  add(model: ModelToServe): Promise<ServedModel> {
    return this.#served.add(model);
  }

  retire(modelId: string): Promise<void> {
    return this.#served.retire(modelId);
  }

  /** Unless another server did already. The database refuses what any server would still answer by it. */
  async #retire(modelId: string, announcing: ServedModel): Promise<void> {
    const { announcements, writer } = this.#parts;
    await this.#learn();
    if (announcements.get(modelId)?.retired) return;
    await announcements.announce(writer, announcing, [modelId]);
  }

  /**
   * Answers by these models. Unlike the only server of a log, it retires none: others may answer by them.
   *
   * @throws as `add`
   */
  async start(models: readonly ModelToServe[]): Promise<void> {
    await this.#look();
    await this.#served.serve(models);
    this.#parts.publisher.start();
    this.#schedule();
  }

  async #announce(models: readonly OpenedModel[]): Promise<void> {
    await this.#learn();
    for (const model of models) {
      await this.#announceOne(model);
      await this.#parts.files.offer(model);
    }
  }

  /** Unless the log says so already, perhaps by another server that starts too. */
  async #announceOne(model: OpenedModel): Promise<void> {
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
    this.#answering.close();
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { writer, publisher, webhooks, models, queue, database } = this.#parts;
    clearTimeout(this.#timer);
    await this.#served.close();
    await this.#looking;
    try {
      await writer.close();
      await publisher.close();
    } finally {
      await webhooks.close();
      await Promise.allSettled([models.close(), queue.close()]);
      await database.close();
    }
  }
}
