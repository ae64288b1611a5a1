import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FoundFile } from './find-bundles.ts';
import { receivedError, sentFile, type ThreadAnswer, type ThreadSetup } from './thread-messages.ts';
import type { FileVerdict } from './verify-files.ts';

/** Files per message: enough to share what a batch shares, few enough for the threads to end together. */
export const FILES_PER_MESSAGE = 64;
/** Messages per thread that are not answered yet: it must not wait for the next, and memory must not grow. */
const MESSAGES_PER_THREAD = 2;
/** New objects are nearly all garbage; V8's default would let each thread fill 48 MiB with them. */
const YOUNG_GENERATION_MIB = 8;

/**
 * Verifies files in threads, which also read them, and yields the verdicts in the order of the files. At most
 * `2 · threads` messages of 64 files are under way, however many files there are and however slowly verdicts are taken.
 *
 * @throws the error of the system if a path that the user named cannot be read; what ended a thread
 */
export async function* verifyInThreads(
  files: readonly FoundFile[],
  setup: ThreadSetup,
  threads: number,
): AsyncGenerator<FileVerdict> {
  const messages = Math.ceil(files.length / FILES_PER_MESSAGE);
  const workers = Array.from({ length: Math.min(threads, messages) }, () => new VerifyThread(setup));
  const underWay: Promise<ThreadAnswer>[] = [];
  try {
    for (let at = 0; at < files.length || underWay.length > 0; ) {
      while (at < files.length && underWay.length < MESSAGES_PER_THREAD * workers.length) {
        const answer = leastBusy(workers).verify(files.slice(at, at + FILES_PER_MESSAGE));
        // It is awaited in its turn; until then, its failure is no unhandled one.
        answer.catch(() => {});
        underWay.push(answer);
        at += FILES_PER_MESSAGE;
      }
      const { verdicts, error } = (await underWay.shift()) as ThreadAnswer;
      yield* verdicts;
      if (error !== undefined) throw receivedError(error);
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.end()));
  }
}

function leastBusy(workers: readonly VerifyThread[]): VerifyThread {
  return workers.reduce((best, worker) => (worker.waiting < best.waiting ? worker : best));
}

interface Waiting {
  readonly resolve: (answer: ThreadAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** A thread, which answers messages in their order. */
class VerifyThread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #ended: Error | undefined;

  constructor(setup: ThreadSetup) {
    this.#worker = new Worker(workerFile(), {
      workerData: setup,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
    });
    this.#worker.on('message', (answer: ThreadAnswer) => this.#waiting.shift()?.resolve(answer));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('A verifying thread ended early')));
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  verify(files: readonly FoundFile[]): Promise<ThreadAnswer> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(files.map(sentFile));
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
  return path.join(path.dirname(here), `verify-worker${path.extname(here)}`);
}
