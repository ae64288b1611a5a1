import { formatDuration, formatRate } from '../../text/units.ts';
import type { Output, Style } from './style.ts';

export interface ProgressOptions {
  readonly output: Output;
  readonly style: Style;
  /** Whether the output is a terminal that can redraw a line. */
  readonly live: boolean;
  /** Past tense of what is counted: `proved`. */
  readonly verb: string;
  readonly total: number;
  /** Items done before this run: they count as done, but not for the rate. */
  readonly done?: number;
  /** Show per cent instead of counts, for a single piece of work that has no meaningful rate. */
  readonly percent?: boolean;
  /** Current time in milliseconds; replaced in tests. */
  readonly now?: () => number;
}

const BAR_WIDTH = 28;
/** Minimum time between updates, in milliseconds: on a terminal, and elsewhere. */
const TERMINAL_MS = 80;
const PLAIN_MS = 5000;

/** On a terminal, a bar with rate and time left; elsewhere, an occasional plain line. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #now: () => number;
  readonly #started: number;
  readonly #first: number;
  #done: number;
  #drawn = Number.NEGATIVE_INFINITY;
  #drawnDone = -1;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#started = this.#now();
    this.#first = options.done ?? 0;
    this.#done = this.#first;
    if (this.#options.live) this.#draw();
    else this.#drawn = this.#started;
  }

  update(done: number): void {
    this.#done = done;
    const every = this.#options.live ? TERMINAL_MS : PLAIN_MS;
    if (this.#now() - this.#drawn >= every) this.#draw();
  }

  /** Leaves the final state on the screen and starts a new line. */
  finish(): void {
    if (this.#drawnDone !== this.#done || this.#options.live) this.#draw();
    if (this.#options.live) this.#options.output.write('\n');
  }

  /** Removes the bar, so that a message can replace it. */
  clear(): void {
    if (this.#options.live) this.#options.output.write('\r\x1b[2K');
  }

  #draw(): void {
    this.#drawn = this.#now();
    this.#drawnDone = this.#done;
    const { output, verb, total, style, percent } = this.#options;
    const share = total === 0 ? 100 : Math.floor((this.#done / total) * 100);
    const counted = percent ? `${verb} ${share} %` : `${verb} ${this.#done} of ${total}`;
    const pace = this.#pace();
    if (this.#options.live) output.write(`\r\x1b[2K${this.#bar()} ${counted}${style.dim(pace)}`);
    else output.write(`${counted}${pace}\n`);
  }

  #pace(): string {
    const seconds = (this.#now() - this.#started) / 1000;
    const made = this.#done - this.#first;
    if (made <= 0 || seconds <= 0) return '';
    const rate = made / seconds;
    const left = this.#options.total - this.#done;
    const end = left > 0 ? `${formatDuration(left / rate)} left` : `in ${formatDuration(seconds)}`;
    return this.#options.percent ? `  ${end}` : `  ${formatRate(rate)}/s  ${end}`;
  }

  #bar(): string {
    const { total, style } = this.#options;
    const filled = total === 0 ? BAR_WIDTH : Math.round((this.#done / total) * BAR_WIDTH);
    return style.cyan('━'.repeat(filled)) + style.dim('─'.repeat(BAR_WIDTH - filled));
  }
}
