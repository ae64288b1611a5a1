import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

/** Lets a caller follow and stop a setup. */
export interface SetupReporter {
  /** Fraction of the work that is done, 0 … 1. */
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

const YIELD_INTERVAL_MS = 50;

/** Counts work units and yields to the event loop every 50 ms, so that Ctrl-C and progress bars work. */
export class SetupProgress {
  readonly #total: number;
  readonly #reporter: SetupReporter;
  #done = 0;
  #lastYield = performance.now();

  constructor(total: number, reporter: SetupReporter) {
    this.#total = total;
    this.#reporter = reporter;
  }

  async advance(units: number): Promise<void> {
    this.#done += units;
    if (performance.now() - this.#lastYield < YIELD_INTERVAL_MS) return;
    this.#reporter.onProgress?.(Math.min(1, this.#done / this.#total));
    await yieldToEventLoop();
    this.#reporter.signal?.throwIfAborted();
    this.#lastYield = performance.now();
  }
}
