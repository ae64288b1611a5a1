import type { LogTree } from '../../log/log-tree.ts';
import type { LogServiceMetrics } from './endpoint.ts';

export interface LogServiceOptions {
  /** For metrics and events. */
  readonly name: string;
  /** Asks the service about a tree. What it throws counts as a failure. */
  readonly ask: (tree: LogTree) => Promise<void>;
  /** Milliseconds between questions about a log that grows. */
  readonly every: number;
  /** Milliseconds until it is asked again about a log that does not grow; `Infinity`: never. */
  readonly renewEvery: number;
  readonly onFailure: (error: unknown) => void;
}

/** What a service has signed before this process asked, or while another one did. */
export interface SignedBefore {
  readonly entries: number;
  /** Milliseconds since then. */
  readonly ago: number;
}

interface WaitingForTree {
  readonly size: number;
  readonly resolve: () => void;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * A service that signs trees of the log: a witness, or a time-stamping authority. It is asked about the last tree, one
 * question at a time, and may fail for as long as it likes: nothing waits for it that cannot do without.
 */
export class LogService {
  readonly #options: LogServiceOptions;
  #tree: LogTree | undefined;
  #asking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waiting: WaitingForTree[] = [];
  /** When the last answer came, by the monotonic clock. */
  #ended = Number.NEGATIVE_INFINITY;
  /** Since it answered last. */
  #inSequence = 0;
  #closed = false;
  /** Entries of the largest tree that it has signed. */
  entries = 0;
  failures = 0;

  constructor(options: LogServiceOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  get metrics(): LogServiceMetrics {
    const { name, entries, failures } = this;
    return { name, entries, failures };
  }

  /** The log has this tree now, or will have it next. */
  offer(tree: LogTree): void {
    if (tree.size === 0) return;
    this.#tree = tree;
    this.#schedule();
  }

  /** What it has signed is this, as others know. */
  remember({ entries, ago }: SignedBefore = { entries: 0, ago: Number.POSITIVE_INFINITY }): void {
    [this.entries, this.#ended, this.#inSequence] = [entries, performance.now() - ago, 0];
  }

  /** It is asked about no tree until the next one is offered. */
  withdraw(): void {
    clearTimeout(this.#timer);
    this.#tree = undefined;
  }

  /** Resolves once it has signed a tree of this size or a larger one, or has failed to. */
  settled(size: number): Promise<void> {
    if (this.#closed || this.entries >= size || this.#inSequence > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ size, resolve });
    });
  }

  #schedule(): void {
    if (this.#closed || this.#asking !== undefined || this.#tree === undefined) return;
    clearTimeout(this.#timer);
    const wait = this.#ended + this.#pauseFor(this.#tree) - performance.now();
    if (wait <= 0) this.#start(this.#tree);
    else if (wait < Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#schedule(), wait);
  }

  #pauseFor({ size }: LogTree): number {
    const { every, renewEvery } = this.#options;
    if (this.#inSequence > 0) return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#inSequence - 1));
    return size > this.entries ? every : renewEvery;
  }

  #start(tree: LogTree): void {
    this.#asking = this.#ask(tree).finally(() => {
      this.#asking = undefined;
      this.#ended = performance.now();
      this.#tell();
      this.#schedule();
    });
  }

  async #ask(tree: LogTree): Promise<void> {
    try {
      await this.#options.ask(tree);
      this.entries = Math.max(this.entries, tree.size);
      this.#inSequence = 0;
    } catch (error) {
      if (this.#closed) return;
      this.#inSequence += 1;
      this.failures += 1;
      this.#options.onFailure(error);
    }
  }

  #tell(): void {
    const isSettled = ({ size }: WaitingForTree) =>
      this.#closed || this.#inSequence > 0 || size <= this.entries;
    const settled = this.#waiting.filter(isSettled);
    this.#waiting = this.#waiting.filter((one) => !isSettled(one));
    for (const { resolve } of settled) resolve();
  }

  /** Asks no more. A question that is on its way is not waited for. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#tell();
  }
}
