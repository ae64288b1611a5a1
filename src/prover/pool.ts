import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { KEY_FILES } from '../artifact/file-names.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Backend, BackendName, SharedKey } from './backend.ts';
import { backendNamed, chooseBackend } from './backends.ts';
import type { PermittedJob, ProvedRow, ProveJob, WorkerAnswer, WorkerSetup } from './prove-job.ts';
import { thisMachine } from './worker-count.ts';

export interface PoolOptions {
  /** An artifact that has been set up. */
  readonly artifactDir: string;
  readonly workers: number;
  /** The native prover where it works, else snarkjs, if left out. */
  readonly backend?: BackendName;
  /** Threads to make one proof with, where the backend can; all cores for a single worker, else one, if left out. */
  readonly threads?: number;
  /** Limit of each worker's JavaScript heap, in MiB; V8's own where left out. Keys and curves lie outside it. */
  readonly heapLimit?: number;
}

/**
 * Threads that prove rows of one artifact. Each loads the witness calculator and a prover once; the proving key is in
 * memory once for all of them. Compiled code only: threads run the package's JavaScript.
 */
export class ProverPool {
  readonly workers: number;
  readonly #backend: Backend;
  readonly #key: SharedKey;
  readonly #piscina: Piscina<PermittedJob, WorkerAnswer>;
  /** One for every job that has no answer yet. */
  readonly #waiting = new Set<AbortController>();
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
    };
    this.#piscina = new Piscina({
      filename: workerFile(),
      minThreads: workers,
      maxThreads: workers,
      workerData: { ...setup, mod: EMPTY_SCRIPT },
      recordTiming: false,
      resourceLimits: {
        maxYoungGenerationSizeMb: YOUNG_HEAP,
        ...(heapLimit !== undefined && { maxOldGenerationSizeMb: heapLimit }),
      },
    });
    this.#piscina.on('error', (error: Error) => {
      this.#lastDeath = error;
    });
    // Once Piscina has had its chance to start a thread in place of the one that ended.
    this.#piscina.on('workerDestroy', () => setImmediate(() => this.#failDeserted()));
  }

  /** @throws QP6301, QP6302 the native prover; QP5013 the key is none; and what reading it throws */
  static async open(options: PoolOptions): Promise<ProverPool> {
    const backend = options.backend === undefined ? chooseBackend().backend : backendNamed(options.backend);
    const key = await backend.share(path.join(options.artifactDir, KEY_FILES.zkey));
    return new ProverPool(options, backend, key);
  }

  get backend(): BackendName {
    return this.#backend.name;
  }

  /** Of the key, in bytes, once for all threads. */
  get keyMemory(): number {
    return this.#key.memory;
  }

  /** What a user should know of how the key was loaded. */
  get warning(): string | undefined {
    return this.#key.warning;
  }

  /** The live threads, for diagnosis. */
  get threads(): readonly Worker[] {
    return this.#piscina.threads;
  }

  /**
   * Proves one row. A thread that dies is replaced and the row is tried once more on a fresh one.
   *
   * @param signal cancels this row: the thread that works on it is ended
   * @throws QP6001, QP6002 a worker died twice; QP6003 the proof does not verify; QP6004 cancelled
   */
  async prove(job: ProveJob, signal?: AbortSignal): Promise<ProvedRow> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return unwrap(await this.#run(job, signal));
      } catch (error) {
        if (error instanceof QuietproofError) throw error;
        if (signal?.aborted) throw interrupted(error);
        if (attempt === 2) throw deathOf(error);
      }
    }
  }

  async #run(job: ProveJob, signal: AbortSignal | undefined): Promise<WorkerAnswer> {
    const deserted = new AbortController();
    this.#waiting.add(deserted);
    const permit = this.#backend.permit();
    try {
      const either = signal === undefined ? deserted.signal : AbortSignal.any([signal, deserted.signal]);
      const permitted = permit.id === undefined ? job : { ...job, permit: permit.id };
      return await this.#piscina.run(permitted, { signal: either });
    } catch (error) {
      throw deserted.signal.aborted ? deserted.signal.reason : error;
    } finally {
      // Piscina has answered, and ends the thread if it was told to; native code in it ends with its permit.
      permit.revoke();
      this.#waiting.delete(deserted);
    }
  }

  /** Piscina does not replace a thread that dies while it starts, and leaves what is queued to wait for ever. */
  #failDeserted(): void {
    if (this.#piscina.threads.length > 0) return;
    for (const job of this.#waiting) job.abort(this.#lastDeath);
  }

  /** Ends all threads, whatever they are doing. */
  async close(): Promise<void> {
    await this.#piscina.destroy();
    this.#key.release();
  }
}

/**
 * snarkjs brings the package web-worker, which takes every thread for one of its own: it reads the name of a script
 * from the thread's data, runs it, and prints an error where there is none.
 */
const EMPTY_SCRIPT = 'data:,';

/** In MiB, for what a thread has just made, nearly all of it garbage. V8 would give it 48 and a thread use them. */
const YOUNG_HEAP = 8;

/** Beside this file, with its extension: `.js` in the package. */
function workerFile(): string {
  const here = fileURLToPath(import.meta.url);
  return path.join(path.dirname(here), `prove-worker${path.extname(here)}`);
}

/** The error of work that was told to stop. */
export function interrupted(cause?: unknown): QuietproofError {
  return new QuietproofError('QP6004', { fix: 'Run the same command again: finished rows are kept', cause });
}

function unwrap(answer: WorkerAnswer): ProvedRow {
  if (answer.ok) return answer.row;
  throw new QuietproofError(answer.code, {
    what: answer.what,
    ...(answer.fix === undefined ? {} : { fix: answer.fix }),
  });
}

const OUT_OF_MEMORY = /out of memory|memory limit|allocation failed|memory\.grow/i;

function deathOf(error: unknown): QuietproofError {
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY' || OUT_OF_MEMORY.test(reason)) {
    return new QuietproofError('QP6002', {
      what: 'A worker ran out of memory, and so did the one that took its row over',
      fix: 'Use fewer workers (--workers 1) or a machine with more memory; finished rows are kept',
      cause: error,
    });
  }
  return new QuietproofError('QP6001', {
    what: `A worker died while proving, and so did the one that took its row over: ${reason}`,
    fix: 'Run the same command again: finished rows are kept. If it happens again, run `quietproof doctor`',
    cause: error,
  });
}
