import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Alarm, WatchStatus } from '@quietproof/client';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { ERROR_REGISTRY, type ErrorCode } from '../../errors/registry.ts';
import type { ExchangePlace } from '../store/exchange-file.ts';
import type { FromThread, Question, ThreadData, ThreadError, ToThread } from './messages.ts';

export interface ThreadEvents {
  readonly checked: (place: ExchangePlace) => void;
  readonly alarm: (alarm: Alarm) => void;
  readonly trouble: (what: string) => void;
  /** It is gone, and nothing is checked any more. */
  readonly died: (error: QuietproofError) => void;
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function deferred<T>(): Deferred<T> {
  let parts!: Omit<Deferred<T>, 'promise'>;
  const promise = new Promise<T>((resolve, reject) => {
    parts = { resolve, reject };
  });
  return { promise, ...parts };
}

/** The thread that checks, as the thread that serves sees it. */
export class WatchThread {
  readonly #worker: Worker;
  readonly #events: ThreadEvents;
  readonly #asked = new Map<number, Deferred<WatchStatus>>();
  readonly #opened = deferred<void>();
  #last = 0;
  #state: 'opening' | 'open' | 'closing' | 'dead' = 'opening';

  private constructor(data: ThreadData, events: ThreadEvents) {
    this.#events = events;
    this.#worker = new Worker(threadFile(), { workerData: data });
    this.#worker.on('message', (message: FromThread) => this.#hear(message));
    this.#worker.on('error', (cause) => this.#die(new QuietproofError('QP6454', { cause })));
    this.#worker.on('exit', () => this.#die(new QuietproofError('QP6454')));
  }

  /** @throws what opening the records or the watch throws, with its code */
  static async start(data: ThreadData, events: ThreadEvents): Promise<WatchThread> {
    const thread = new WatchThread(data, events);
    await thread.#opened.promise;
    return thread;
  }

  check(places: readonly ExchangePlace[]): void {
    this.#send({ kind: 'check', places });
  }

  /** What clients of the endpoint identify themselves with: the watch asks for proofs in their name. */
  authorize(value: string): void {
    this.#send({ kind: 'authorization', value });
  }

  /** A whole round from now on. @returns the status after it */
  step(): Promise<WatchStatus> {
    return this.#ask({ kind: 'step' });
  }

  status(): Promise<WatchStatus> {
    return this.#ask({ kind: 'status' });
  }

  /** The user has dealt with an alarm. */
  acknowledge(id: string): Promise<WatchStatus> {
    return this.#ask({ kind: 'acknowledge', id });
  }

  /** Finishes what is being checked. @returns the last status */
  async close(): Promise<WatchStatus> {
    const closed = this.#ask({ kind: 'close' });
    this.#state = 'closing';
    const status = await closed;
    await this.#worker.terminate();
    return status;
  }

  #ask(question: Question): Promise<WatchStatus> {
    if (this.#state === 'dead') return Promise.reject(new QuietproofError('QP6454'));
    this.#last += 1;
    const asked = deferred<WatchStatus>();
    this.#asked.set(this.#last, asked);
    this.#send({ ...question, n: this.#last });
    return asked.promise;
  }

  #send(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromThread): void {
    if (message.kind === 'opened') {
      this.#state = 'open';
      this.#opened.resolve();
    } else if (message.kind === 'failed') this.#die(thrownBy(message.error));
    else if (message.kind === 'checked') this.#events.checked(message.place);
    else if (message.kind === 'alarm') this.#events.alarm(message.alarm);
    else if (message.kind === 'trouble') this.#events.trouble(message.what);
    else {
      this.#asked.get(message.n)?.resolve(message.status);
      this.#asked.delete(message.n);
    }
  }

  #die(error: QuietproofError): void {
    const before = this.#state;
    this.#state = 'dead';
    this.#opened.reject(error);
    for (const asked of this.#asked.values()) asked.reject(error);
    this.#asked.clear();
    if (before === 'open') this.#events.died(error);
    else if (before === 'opening') void this.#worker.terminate();
  }
}

/** Codes of the library that the registry does not have are in the text. */
function thrownBy({ code, what, where, fix }: ThreadError): QuietproofError {
  const parts = { ...(where !== undefined && { where }), ...(fix !== undefined && { fix }) };
  if (code === undefined) return new QuietproofError('QP6454', { what: `The watch cannot begin: ${what}` });
  if (Object.hasOwn(ERROR_REGISTRY, code)) return new QuietproofError(code as ErrorCode, { what, ...parts });
  return new QuietproofError('QP6450', { what: `${code} ${what}`, ...parts });
}

/** In the folder above, with the extension of this file: `.js` in the package. */
function threadFile(): string {
  const here = fileURLToPath(import.meta.url);
  return path.join(path.dirname(here), '..', `watch-thread${path.extname(here)}`);
}
