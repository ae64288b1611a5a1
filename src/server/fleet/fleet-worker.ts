import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { ERROR_REGISTRY } from '../../errors/registry.ts';
import type { BackendName } from '../../prover/backend.ts';
import { ArtifactCache } from './artifact-cache.ts';
import { Database } from './database.ts';
import { DatabaseLog } from './database-log.ts';
import type { InputsKey } from './inputs-key.ts';
import { loadPackages } from './packages.ts';
import { PostgresStore } from './postgres-store.ts';
import { bundleOf, type Counting, count, proveJobOf } from './prove-job.ts';
import { HEARTBEAT, type HeldJob, ProofQueue } from './queue.ts';
import { readLogName, SCHEMA } from './schema.ts';
import { type FoundJob, takeFirst } from './take-first.ts';
import { WorkerModels } from './worker-models.ts';

export interface WorkerOptions {
  /** `postgres://…` */
  readonly database: string;
  /** Opens private inputs; lets the worker have artifacts from a server. */
  readonly inputsKey: InputsKey;
  /** Where artifacts are kept on this machine. */
  readonly cache: string;
  /** Holds artifacts, a folder each. */
  readonly artifacts?: string;
  /** Address of a server of the fleet, which has artifacts too. */
  readonly from?: string;
  /** For people, in the table of workers. */
  readonly name: string;
  /** That prove at the same time. */
  readonly threads: number;
  /** Models whose keys are in memory, at most. Default: 4. */
  readonly models?: number;
  readonly backend?: BackendName;
  /** Milliseconds between looks for work, while there is none. Default: 500. */
  readonly lookEvery?: number;
  /** Milliseconds that closing waits for proofs that were begun. Default: 10,000. */
  readonly grace?: number;
  readonly onEvent: (event: WorkerEvent) => void;
}

/** What an operator should know; nothing about inputs or outputs. */
export type WorkerEvent =
  | { readonly kind: 'proved' | 'lost' | 'erased'; readonly index: number; readonly seconds: number }
  | { readonly kind: 'proof-failed'; readonly index: number; readonly error: unknown }
  | { readonly kind: 'look-failed'; readonly error: unknown };

const MOST_MODELS = 4;
const LOOK_EVERY = 500;
const LONGEST_PAUSE = 10_000;
const GRACE = 10_000;
/** With one more than there are threads, a thread always has a row when it has finished one. */
const SPARE = 1;
/** Proves what waits in the queues of a database. Any number of them work beside each other, on any machines. */
export class FleetWorker {
  readonly #options: WorkerOptions;
  readonly #database: Database;
  readonly #queue: ProofQueue;
  readonly #store: PostgresStore;
  readonly #log: DatabaseLog;
  readonly #origin: string;
  readonly #models: WorkerModels;
  readonly #id = randomUUID();
  readonly #running = new Set<Promise<void>>();
  /** Jobs that this worker holds, each with what stops it. */
  readonly #held = new Map<HeldJob, AbortController>();
  readonly #stop = new AbortController();
  #beating: NodeJS.Timeout | undefined;
  #loop: Promise<void> = Promise.resolve();
  #wake: () => void = () => {};
  #closing = false;
  #failed = 0;

  private constructor(options: WorkerOptions, database: Database, queue: ProofQueue, origin: string) {
    [this.#options, this.#database, this.#queue, this.#origin] = [options, database, queue, origin];
    const { inputsKey: key, cache, artifacts: folder, from: server, threads, backend } = options;
    this.#store = new PostgresStore({ database, queue, key, origin });
    this.#log = new DatabaseLog(database);
    this.#models = new WorkerModels({
      database,
      cache: new ArtifactCache(cache, {
        token: key.tokens[0]!,
        ...(folder !== undefined && { folder }),
        ...(server !== undefined && { server }),
      }),
      threads,
      most: options.models ?? MOST_MODELS,
      ...(backend !== undefined && { backend }),
    });
    setMaxListeners(0, this.#stop.signal);
  }

  /** @throws QP6570, QP6580; QP6571, QP6573 (the database) */
  static async start(options: WorkerOptions): Promise<FleetWorker> {
    const packages = await loadPackages();
    const database = await Database.open(packages, {
      url: options.database,
      name: `worker ${options.name}`,
      connections: options.threads + 3,
    });
    try {
      const { origin } = await readLogName(database);
      const onError = (error: unknown) => options.onEvent({ kind: 'look-failed', error });
      const queue = await ProofQueue.open(packages, { url: options.database, onError });
      const worker = new FleetWorker(options, database, queue, origin);
      await worker.#beat();
      worker.#beating = setInterval(() => void worker.#beat().catch(onError), (HEARTBEAT * 1000) / 2);
      worker.#loop = worker.#work();
      return worker;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  async #work(): Promise<void> {
    const { threads, lookEvery = LOOK_EVERY, onEvent } = this.#options;
    let failures = 0;
    while (!this.#closing) {
      try {
        while (!this.#closing && this.#running.size < threads + SPARE) {
          const job = await this.#take();
          if (job === undefined) break;
          this.#begin(job);
        }
        failures = 0;
      } catch (error) {
        failures += 1;
        onEvent({ kind: 'look-failed', error });
      }
      await this.#pause(Math.min(LONGEST_PAUSE, lookEvery * 2 ** failures));
    }
  }

  /** Until something has ended, or for a while. */
  async #pause(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, milliseconds);
    });
    clearTimeout(timer);
  }

  async #take(): Promise<FoundJob | undefined> {
    const { rows } = await this.#database.query<{ model_id: string }>(
      `select model_id from ${SCHEMA}.model where files is not null order by latest desc`,
    );
    const known = rows.map(({ model_id }) => model_id);
    return takeFirst(this.#queue, known, new Set(this.#models.warm));
  }

  #begin(job: FoundJob): void {
    const lost = new AbortController();
    this.#held.set(job, lost);
    const running = this.#prove(job, AbortSignal.any([lost.signal, this.#stop.signal]))
      .catch((error) => this.#fail(job, error))
      .finally(() => {
        this.#held.delete(job);
        this.#running.delete(running);
        this.#wake();
      });
    this.#running.add(running);
  }

  async #prove(job: FoundJob, signal: AbortSignal): Promise<void> {
    const { index, modelId } = job;
    const record = await this.#store.read(index);
    if (record === undefined) {
      await this.#database.transaction((sql) => this.#queue.complete(sql, job));
      this.#options.onEvent({ kind: 'erased', index, seconds: 0 });
      return;
    }
    await this.#models.use(modelId, async (model) => {
      const proved = await model.pool.prove(proveJobOf(this.#origin, record), signal);
      const seconds = (proved.milliseconds.witness + proved.milliseconds.prove) / 1000;
      const bundle = await bundleOf(this.#log, model, { record, proved }, signal);
      const { receiptId } = record;
      const { verifying } = model;
      const outcome = await count(this.#counting, job, { receiptId, modelId, bundle, seconds, verifying });
      this.#options.onEvent({ kind: outcome === 'counted' ? 'proved' : outcome, index, seconds });
    });
  }

  get #counting(): Counting {
    return { database: this.#database, queue: this.#queue, workerId: this.#id };
  }

  /** Says why with a code and its title alone: messages may quote values. */
  async #fail(job: HeldJob, error: unknown): Promise<void> {
    this.#failed += 1;
    this.#options.onEvent({ kind: 'proof-failed', index: job.index, error });
    const code = error instanceof QuietproofError ? error.code : undefined;
    const title = code === undefined ? 'Its worker failed' : `${code}: ${ERROR_REGISTRY[code].title}`;
    await this.#queue
      .fail(job, { title })
      .catch((cause: unknown) => this.#options.onEvent({ kind: 'look-failed', error: cause }));
  }

  /** Shows a sign of life, for itself and for each job; stops those that are another's by now. */
  async #beat(): Promise<void> {
    const { name, threads } = this.#options;
    for (const [job, lost] of this.#held) {
      if (!(await this.#queue.touch(job))) lost.abort();
    }
    await this.#database.query(
      `insert into ${SCHEMA}.worker (id, name, threads, warm, failed) values ($1, $2, $3, $4, $5)
       on conflict (id) do update set warm = excluded.warm, failed = excluded.failed, seen = clock_timestamp()`,
      [this.#id, name, threads, this.#models.warm, this.#failed],
    );
  }

  /** Takes nothing more, and waits for what was begun; what takes longer is another's. */
  async close(): Promise<void> {
    const { grace = GRACE } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, grace);
    });
    this.#closing = true;
    const running = [...this.#running];
    await Promise.race([Promise.all(running), late]);
    clearTimeout(timer);
    this.#stop.abort();
    this.#wake();
    await Promise.all([this.#loop, ...this.#running]);
    clearInterval(this.#beating);
    await this.#beat().catch(() => {});
    await this.#models.close();
    await this.#queue.close();
    await this.#database.close();
  }
}
