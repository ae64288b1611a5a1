import type { PgBoss } from 'pg-boss';
import type { Lane } from '../serve/work-queue.ts';
import type { Sql } from './database.ts';
import type { FleetPackages } from './packages.ts';
import { QUEUE_SCHEMA } from './schema.ts';

/** What a job says: which answer to prove. All else is read when it is worked on. */
export interface ProofJob {
  readonly index: number;
}

/** A job as a worker holds it. `retryCount` is its fencing token: it goes up with each attempt. */
export interface HeldJob {
  readonly id: string;
  readonly queue: string;
  readonly index: number;
  readonly retryCount: number;
}

/** A job that failed for the last time. */
export interface DeadJob extends HeldJob {
  /** The one that was given up. */
  readonly source: string | null;
  readonly reason: object;
}

/** Higher comes first, over all models. */
export const PRIORITIES: Readonly<Record<Lane, number>> = { asked: 20, drawn: 10, policy: 0 };

const DEAD = 'dead';
/** Seconds between signs of life of a worker; after three that are missing, its job is another's. */
export const HEARTBEAT = 10;

export interface QueueOptions {
  readonly url: string;
  /** Attempts before a job is dead. Default: 8, over about half an hour. */
  readonly attempts?: number;
  /** Seconds after which a silent worker has lost its job; at least 10. Default: 30. */
  readonly lease?: number;
  /** Whether this process looks for jobs whose worker is silent, every so many seconds. Default: 10. */
  readonly superviseEvery?: number;
  readonly onError: (error: unknown) => void;
}

const ATTEMPTS = 8;
const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 600;
/** Seconds for one proof, whatever its worker says. */
const LONGEST_PROOF = 6 * 3600;
/** Seconds that a finished job is kept: what it did is in our own tables. */
const KEPT = 600;
/** Seconds that a job may wait: longer than any retention, at whose end the answer itself is erased. */
const LONGEST_WAIT = 10 * 365 * 86_400;

/** The work of a fleet: a queue of pg-boss per model. */
export class ProofQueue {
  readonly #boss: PgBoss;
  readonly #options: QueueOptions;
  readonly #made = new Set<string>();

  private constructor(boss: PgBoss, options: QueueOptions) {
    [this.#boss, this.#options] = [boss, options];
  }

  /** @throws what pg-boss throws */
  static async open({ PgBoss }: FleetPackages, options: QueueOptions): Promise<ProofQueue> {
    const { url, superviseEvery = 10, onError } = options;
    const boss = new PgBoss({
      connectionString: url,
      schema: QUEUE_SCHEMA,
      application_name: 'quietproof queue',
      max: 3,
      schedule: false,
      superviseIntervalSeconds: superviseEvery,
      monitorIntervalSeconds: Math.max(60, superviseEvery),
    });
    boss.on('error', onError);
    await boss.start();
    await boss.createQueue(DEAD, { retentionSeconds: LONGEST_WAIT, retryLimit: 1000 });
    return new ProofQueue(boss, options);
  }

  /** Makes the queue of a model. */
  async make(modelId: string): Promise<void> {
    const queue = queueOf(modelId);
    if (this.#made.has(queue)) return;
    await this.#boss.createQueue(queue, {
      policy: 'standard',
      deadLetter: DEAD,
      retryLimit: (this.#options.attempts ?? ATTEMPTS) - 1,
      retryDelay: FIRST_PAUSE,
      retryBackoff: true,
      retryDelayMax: LONGEST_PAUSE,
      heartbeatSeconds: this.#options.lease ?? 3 * HEARTBEAT,
      expireInSeconds: LONGEST_PROOF,
      retentionSeconds: LONGEST_WAIT,
      deleteAfterSeconds: KEPT,
    });
    this.#made.add(queue);
  }

  /** Adds jobs of one model in a transaction: they are there if it is committed. */
  async add(sql: Sql, modelId: string, jobs: readonly NewJob[]): Promise<void> {
    if (jobs.length === 0) return;
    const inserted = jobs.map(({ id, index, lane }) => ({
      id,
      data: { index } satisfies ProofJob,
      priority: PRIORITIES[lane],
    }));
    await this.#boss.insert(queueOf(modelId), inserted, { db: within(sql) });
  }

  /** Has a job that waits come earlier. One that is being worked on stays as it is. */
  async hasten(sql: Sql, modelId: string, id: string, lane: Lane): Promise<void> {
    await this.#boss.update(queueOf(modelId), undefined, {
      id,
      priority: PRIORITIES[lane],
      db: within(sql),
    });
  }

  /** Takes the first job of a model, if there is one of at least this lane. */
  async take(modelId: string, least: Lane): Promise<HeldJob | undefined> {
    const queue = queueOf(modelId);
    const [job] = await this.#boss.fetch<ProofJob>(queue, { minPriority: PRIORITIES[least] });
    return job && { id: job.id, queue, index: job.data.index, retryCount: job.retryCount };
  }

  /** @returns whether the job is still this worker's */
  async touch(job: HeldJob): Promise<boolean> {
    return isOne(await this.#boss.touch(job.queue, attemptOf(job)));
  }

  /** @returns whether the job was still this worker's, and is done if the transaction is committed */
  async complete(sql: Sql, job: HeldJob): Promise<boolean> {
    return isOne(await this.#boss.complete(job.queue, attemptOf(job), null, { db: within(sql) }));
  }

  /** Has a job tried again later, or gives it up after the last attempt. */
  async fail(job: HeldJob, reason: object): Promise<boolean> {
    return isOne(await this.#boss.fail(job.queue, attemptOf(job), reason));
  }

  /** Takes jobs that were given up. */
  async takeDead(count: number): Promise<DeadJob[]> {
    const jobs = await this.#boss.fetch<ProofJob>(DEAD, { batchSize: count, includeMetadata: true });
    return jobs.map(({ id, data, retryCount, sourceId, sourceOutput }) => ({
      id,
      queue: DEAD,
      index: data.index,
      retryCount,
      source: sourceId,
      reason: sourceOutput ?? {},
    }));
  }

  async close(): Promise<void> {
    await this.#boss.stop({ graceful: false });
  }
}

export interface NewJob {
  readonly id: string;
  readonly index: number;
  readonly lane: Lane;
}

function queueOf(modelId: string): string {
  return `prove/${modelId}`;
}

/** What pg-boss takes for a transaction that it does not own. */
function within(sql: Sql) {
  return { executeSql: (text: string, values?: unknown[]) => sql.query(text, values) };
}

function attemptOf({ id, retryCount }: HeldJob) {
  return { id, retryCount };
}

function isOne(response: object): boolean {
  return (response as { readonly affected?: number }).affected === 1;
}
