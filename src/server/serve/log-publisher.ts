import type { LogProof } from '@quietproof/verify/log';
import type { TileLog } from '../../log/tile-log.ts';
import type { Cosigning } from './cosigning.ts';
import type { EndpointMetrics } from './endpoint.ts';
import type { Timestamping } from './timestamping.ts';

export interface PublisherOptions {
  /** Opens the log: first, and again after it could not be written. */
  readonly open: () => Promise<TileLog>;
  /** Milliseconds from an entry to its checkpoint. */
  readonly every: number;
  readonly cosigning: Cosigning;
  readonly timestamping: Timestamping;
  readonly onFailure: (error: unknown) => void;
}

interface WaitingForEntry {
  readonly index: number;
  readonly resolve: () => void;
}

const LONGEST_PAUSE_MS = 60_000;

/** Appends durable entries to the log, in order, many per checkpoint. */
export class LogPublisher {
  readonly #options: PublisherOptions;
  #log: TileLog;
  /** Entries that no checkpoint covers; the first has the index `#log.size`. */
  readonly #pending: Uint8Array[] = [];
  #waiting: WaitingForEntry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #publishing: Promise<void> | undefined;
  #failures = 0;
  /** Whether `#log` is open: it is closed while opening it again fails. */
  #isOpen = true;
  #closed = false;

  private constructor(options: PublisherOptions, log: TileLog) {
    [this.#options, this.#log] = [options, log];
  }

  /** @throws as `open` */
  static async start(options: PublisherOptions): Promise<LogPublisher> {
    const publisher = new LogPublisher(options, await options.open());
    publisher.#tellServices();
    return publisher;
  }

  /** Entries that the checkpoint covers. */
  get covered(): number {
    return this.#log.size;
  }

  get services(): Pick<EndpointMetrics, 'witnesses' | 'authorities'> {
    const { cosigning, timestamping } = this.#options;
    return {
      witnesses: cosigning.witnesses.map(({ metrics }) => metrics),
      authorities: timestamping.authorities.map(({ metrics }) => metrics),
    };
  }

  /** Adds the entry of the next index, which is durable elsewhere. */
  add(entry: string): void {
    this.#pending.push(new TextEncoder().encode(entry));
    this.#schedule(this.#options.every);
  }

  /** Resolves once the checkpoint covers an entry; never, if the publisher is closed before. */
  covers(index: number): Promise<void> {
    if (index < this.covered) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ index, resolve });
    });
  }

  /** Once all witnesses have cosigned a checkpoint that covers the entry, or have failed to. */
  async proofOf(index: number): Promise<LogProof> {
    const { cosigning } = this.#options;
    await cosigning.settled(index + 1);
    return this.#log.proofOf(index, cosigning.checkpointFor(index));
  }

  #schedule(pause: number): void {
    if (this.#closed || this.#publishing !== undefined || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#publish().catch((error) => this.#retry(error));
    }, pause);
  }

  #retry(error: unknown): void {
    this.#failures += 1;
    this.#options.onFailure(error);
    this.#schedule(Math.min(LONGEST_PAUSE_MS, this.#options.every * 2 ** this.#failures));
  }

  #publish(): Promise<void> {
    this.#publishing ??= this.#append().finally(() => {
      this.#publishing = undefined;
      if (this.#failures === 0 && this.#pending.length > 0) this.#schedule(this.#options.every);
    });
    return this.#publishing;
  }

  async #append(): Promise<void> {
    if (this.#failures > 0) await this.#reopen();
    const entries = this.#pending.slice();
    if (entries.length > 0) {
      await this.#log.append(entries, (tree) => this.#options.cosigning.cosign(tree));
      this.#tellServices();
    }
    this.#pending.splice(0, entries.length);
    this.#failures = 0;
    this.#tell();
  }

  #tellServices(): void {
    this.#options.cosigning.published(this.#log);
    this.#options.timestamping.published(this.#log);
  }

  /** After a failure, only what is on disk tells which checkpoint is the last. */
  async #reopen(): Promise<void> {
    const before = this.#log.size;
    await this.#release();
    this.#log = await this.#options.open();
    this.#isOpen = true;
    this.#pending.splice(0, this.#log.size - before);
  }

  #tell(): void {
    const covered = this.#waiting.filter(({ index }) => index < this.covered);
    this.#waiting = this.#waiting.filter(({ index }) => index >= this.covered);
    for (const { resolve } of covered) resolve();
  }

  /** Publishes what is pending now. @throws what appending throws; then it is tried again later */
  async flush(): Promise<void> {
    await this.#publishing?.catch(() => {});
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#publish().catch((error) => {
      this.#retry(error);
      throw error;
    });
  }

  /** Publishes what is pending, and lets go of the log. @throws what appending throws */
  async close(): Promise<void> {
    this.#closed = true;
    try {
      if (this.#pending.length > 0) await this.flush();
    } finally {
      clearTimeout(this.#timer);
      await this.#publishing?.catch(() => {});
      this.#options.cosigning.close();
      await this.#options.timestamping.close();
      await this.#release();
    }
  }

  async #release(): Promise<void> {
    if (this.#isOpen) await this.#log.close();
    this.#isOpen = false;
  }
}
