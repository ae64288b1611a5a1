/** Runs one round after another: by a timer, and when it is asked. */
export class Rounds {
  readonly #round: () => Promise<void>;
  readonly #every: number | undefined;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param every milliseconds from the end of one to the next; undefined for none unasked */
  constructor(round: () => Promise<void>, every: number | undefined) {
    [this.#round, this.#every] = [round, every];
  }

  /** A whole round, begun from now on. @throws what the round throws */
  async run(): Promise<void> {
    await this.#running?.catch(() => {});
    this.#running ??= this.#run();
    await this.#running;
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      await this.#round();
    } finally {
      this.#running = undefined;
      this.#schedule();
    }
  }

  #schedule(): void {
    if (this.#closed || this.#every === undefined) return;
    this.#timer = setTimeout(() => this.run().catch(() => {}), this.#every);
  }

  /** No more of them; waits for the one that runs. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running?.catch(() => {});
  }
}
