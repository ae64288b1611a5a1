import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { TrustParts } from './audit-trust.ts';
import type { CheckResult } from './checked-record.ts';
import type { RecordBatch } from './record-batch.ts';

/** What a checking thread is given once. */
export interface ThreadSetup {
  readonly trust?: TrustParts;
  /** Expected models, with the bytes of their records. */
  readonly models: readonly { readonly modelId: string; readonly source?: Uint8Array }[];
  /** URL of a module with a `proofChecker()`. */
  readonly checker?: string;
}

export type ThreadAnswer = { readonly results: CheckResult[] } | { readonly error: string };

/** New objects are nearly all garbage; V8's default would let each thread fill 48 MiB with them. */
const YOUNG_GENERATION_MIB = 8;

/** Threads that check batches of records. */
export class CheckThreads {
  readonly #threads: readonly CheckThread[];

  constructor(setup: ThreadSetup, threads: number) {
    this.#threads = Array.from({ length: threads }, () => new CheckThread(setup));
  }

  /** In the thread that has the fewest to check. @throws what ended the thread */
  check(batch: RecordBatch): Promise<CheckResult[]> {
    const least = this.#threads.reduce((best, one) => (one.waiting < best.waiting ? one : best));
    return least.check(batch);
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
}

interface Waiting {
  readonly resolve: (results: CheckResult[]) => void;
  readonly reject: (error: Error) => void;
}

/** A thread, which answers messages in their order. */
class CheckThread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #ended: Error | undefined;

  constructor(setup: ThreadSetup) {
    this.#worker = new Worker(workerFile(), {
      workerData: setup,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
    });
    this.#worker.on('message', (answer: ThreadAnswer) => {
      const first = this.#waiting.shift();
      if ('error' in answer) first?.reject(new Error(answer.error));
      else first?.resolve(answer.results);
    });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('A checking thread ended early')));
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  check(batch: RecordBatch): Promise<CheckResult[]> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(batch);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}

/** In this folder, with the extension of this file: `.js` in the package. */
function workerFile(): string {
  const here = fileURLToPath(import.meta.url);
  return path.join(path.dirname(here), `check-worker${path.extname(here)}`);
}
