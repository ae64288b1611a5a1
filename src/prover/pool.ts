import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { KEY_FILES } from '../artifact/file-names.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Backend, BackendName, SharedKey } from './backend.ts';
import { backendNamed, chooseBackend } from './backends.ts';
import { interrupted } from './interrupted.ts';
import type { JobRun, ProvedRow, ProveJob, WorkerAnswer, WorkerSetup } from './prove-job.ts';
import type { RowsProver, RowsProverOptions } from './rows-prover.ts';
import { thisMachine } from './worker-count.ts';

export interface PoolOptions extends RowsProverOptions {
  readonly workers: number;
  /** Threads per proof, if the backend supports it. By default all cores for a single worker, else one. */
  readonly threads?: number;
  /** Limit of each worker's JavaScript heap, in MiB; V8's default if omitted. Keys and curves are outside the heap. */
  readonly heapLimit?: number;
}

/**
 * Worker threads that prove rows of one artifact. Each loads the witness calculator and a prover once; they share the
 * proving key in memory. The threads run the compiled JavaScript of the package.
 */
export class ProverPool implements RowsProver {
  readonly workers: number;
  readonly #backend: Backend;
  readonly #key: SharedKey;
  readonly #piscina: Piscina<JobRun, WorkerAnswer[]>;
  /** One controller per unfinished job. */
  readonly #unfinished = new Set<AbortController>();
  #lastDeath = new Error('the worker ended while it started');

  private constructor(options: PoolOptions, backend: Backend, key: SharedKey) {
    const { artifactDir, workers, heapLimit } = options;
    this.workers = workers;
    this.#backend = backend;
    this.#key = key;
    const setup: WorkerSetup = {
      artifactDir,
      backend: backend.name,
      threads: options.threads ?? (workers === 1 ? thisMachine().cores : 1),
      ...(key.bytes !== undefined && { zkey: key.bytes }),
      ...(options.records !== undefined && { records: options.records }),
    };
    this.#piscina = new Piscina({
      filename: workerFile(),
      minThreads: workers,
      maxThreads: workers,
      workerData: { ...setup, mod: EMPTY_SCRIPT },
      recordTiming: false,
      resourceLimits: {
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB,
        ...(heapLimit !== undefined && { maxOldGenerationSizeMb: heapLimit }),
      },
    });
    this.#piscina.on('error', (error: Error) => {
      this.#lastDeath = error;
    });
    // setImmediate: Piscina first tries to start a new thread in place of the one that ended.
    this.#piscina.on('workerDestroy', () => setImmediate(() => this.#failStranded()));
  }

  /**
   * @throws QP6301, QP6302 from the native prover; QP5013 if the key cannot be parsed; system errors from reading it
   */
  static async open(options: PoolOptions): Promise<ProverPool> {
    const backend = options.backend === undefined ? chooseBackend().backend : backendNamed(options.backend);
    const { artifactDir, paranoid = false } = options;
    const key = await backend.share(path.join(artifactDir, KEY_FILES.zkey), { paranoid });
    return new ProverPool(options, backend, key);
  }

  get backend(): BackendName {
    return this.#backend.name;
  }

  get keyMemory(): number {
    return this.#key.memory;
  }

  get warning(): string | undefined {
    return this.#key.warning;
  }

  /** The live threads, for diagnosis. */
  get threads(): readonly Worker[] {
    return this.#piscina.threads;
  }

  /**
   * Proves one row. If its thread dies, the thread is replaced and the row is tried once more.
   *
   * @param signal cancels this row by terminating its thread
   * @throws QP6001, QP6002 a worker died twice; QP6003 the proof does not verify; QP6004 cancelled
   */
  async prove(job: ProveJob, signal?: AbortSignal): Promise<ProvedRow> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const [answer] = await this.#send([job], signal);
        return unwrap(answer!);
      } catch (error) {
        if (error instanceof QuietproofError) throw error;
        if (signal?.aborted) throw interrupted(error);
        if (attempt === 2) throw deathOf(error, this.workers);
      }
    }
  }

  /**
   * The rows are proved in one thread, sent together: short rows would spend much of their time on messages. If the
   * thread dies, they are tried once more, one by one.
   *
   * @throws as `prove` does
   */
  async proveRun(
    jobs: readonly ProveJob[],
    onRow: (row: ProvedRow, index: number) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    let answers: WorkerAnswer[] | undefined;
    if (jobs.length > 1) answers = await this.#send(jobs, signal).catch(() => undefined);
    for (const [index, job] of jobs.entries()) {
      const row = answers === undefined ? await this.prove(job, signal) : unwrap(answers[index]!);
      onRow(row, index);
    }
  }

  async #send(jobs: readonly ProveJob[], signal: AbortSignal | undefined): Promise<WorkerAnswer[]> {
    const stranded = new AbortController();
    this.#unfinished.add(stranded);
    const permit = this.#backend.permit();
    try {
      const eitherSignal =
        signal === undefined ? stranded.signal : AbortSignal.any([signal, stranded.signal]);
      const run = permit.id === undefined ? { jobs } : { jobs, permit: permit.id };
      return await this.#piscina.run(run, { signal: eitherSignal });
    } catch (error) {
      throw stranded.signal.aborted ? stranded.signal.reason : error;
    } finally {
      // On abort Piscina terminates the thread, but native code only stops when its permit is revoked.
      permit.revoke();
      this.#unfinished.delete(stranded);
    }
  }

  /** Piscina does not replace a thread that dies during startup, so queued jobs would wait for ever. */
  #failStranded(): void {
    if (this.#piscina.threads.length > 0) return;
    for (const job of this.#unfinished) job.abort(this.#lastDeath);
  }

  /** Terminates all threads, including busy ones. */
  async close(): Promise<void> {
    await this.#piscina.destroy();
    this.#key.release();
  }
}

/**
 * snarkjs depends on web-worker, which treats every thread as one that it created: it runs the script named in the
 * thread's data, and prints an error if there is none.
 */
const EMPTY_SCRIPT = 'data:,';

/** New objects are nearly all garbage, but with V8's default of 48 MiB each thread would use all of that. */
const YOUNG_GENERATION_MIB = 8;

/** In this folder, with the extension of this file: `.js` in the package. */
function workerFile(): string {
  const here = fileURLToPath(import.meta.url);
  return path.join(path.dirname(here), `prove-worker${path.extname(here)}`);
}

function unwrap(answer: WorkerAnswer): ProvedRow {
  if (answer.ok) return answer.row;
  throw new QuietproofError(answer.code, {
    what: answer.what,
    ...(answer.where === undefined ? {} : { where: answer.where }),
    ...(answer.fix === undefined ? {} : { fix: answer.fix }),
  });
}

const OUT_OF_MEMORY = /out of memory|memory limit|allocation failed|memory\.grow/i;

function deathOf(error: unknown, workers: number): QuietproofError {
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY' || OUT_OF_MEMORY.test(reason)) {
    return new QuietproofError('QP6002', {
      what: 'A worker ran out of memory, and so did a second one on the same row',
      fix: `Use ${workers > 1 ? 'fewer workers (--workers 1) or ' : ''}a machine with more memory; finished rows are kept`,
      cause: error,
    });
  }
  return new QuietproofError('QP6001', {
    what: `A worker died while proving, and so did a second one on the same row: ${reason}`,
    fix: 'Run the same command again: finished rows are kept. If it happens again, run `quietproof doctor`',
    cause: error,
  });
}
