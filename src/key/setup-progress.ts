import { setImmediate as nextTurn } from 'node:timers/promises';

/** How a caller follows a setup and stops it. */
export interface SetupReporter {
  /** Work done, 0 … 1. */
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

const TURN_MS = 50;

/** Counts work units and lets the event loop run every 50 ms, so that Ctrl-C and progress bars work. */
export class SetupProgress {
  private readonly total: number;
  private readonly reporter: SetupReporter;
  private done = 0;
  private lastTurn = performance.now();

  constructor(total: number, reporter: SetupReporter) {
    this.total = total;
    this.reporter = reporter;
  }

  async advance(units: number): Promise<void> {
    this.done += units;
    if (performance.now() - this.lastTurn < TURN_MS) return;
    this.reporter.onProgress?.(Math.min(1, this.done / this.total));
    await nextTurn();
    this.reporter.signal?.throwIfAborted();
    this.lastTurn = performance.now();
  }
}
