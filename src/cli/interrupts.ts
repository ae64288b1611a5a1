const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Ctrl-C and `kill`. The system's own action, which ends the process whatever it is doing, is replaced only while work
 * can stop cleanly, and only for the first signal: a second one always ends the process, even if a thread is stuck in a
 * read or the event loop is busy.
 */
export class Interrupts {
  readonly #abort = new AbortController();
  readonly #handler = () => {
    this.release();
    this.#abort.abort();
  };

  /** Aborted by the first Ctrl-C from now on. */
  signal(): AbortSignal {
    this.release();
    for (const name of SIGNALS) process.on(name, this.#handler);
    return this.#abort.signal;
  }

  /** Gives the signals back to the system. */
  release(): void {
    for (const name of SIGNALS) process.off(name, this.#handler);
  }
}
