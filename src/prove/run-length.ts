/** Work that one message asks for: enough to make messages cheap, little enough to lose, to show and to share out. */
const MESSAGE_MS = 100;
const MOST = 32;

/** How many rows go to a worker together. */
export class RunLength {
  readonly #share: number;
  /** The slowest row so far; the first rows go one by one. */
  #rowMs = Number.POSITIVE_INFINITY;

  /** @param rows of the whole batch */
  constructor(rows: number, workers: number) {
    // Four messages per worker at least, so that none waits long for the others at the end.
    this.#share = Math.max(1, Math.floor(rows / (4 * workers)));
  }

  /** @param left rows that are not given out */
  next(left: number): number {
    return Math.max(1, Math.min(left, this.#share, MOST, Math.floor(MESSAGE_MS / this.#rowMs)));
  }

  /** @param rowMs what a row took in its worker, at most */
  took(rowMs: number): void {
    this.#rowMs = rowMs;
  }
}
