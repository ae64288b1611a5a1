import type { Logger } from 'pino';
import { EXIT, type ExitCode } from '../errors/error-spec.ts';
import type { QuietproofError } from '../errors/quietproof-error.ts';
import { asQuietproofError } from './known-error.ts';
import { renderError } from './render/error.ts';
import { Progress } from './render/progress.ts';
import { colorWanted, type Output, type Style, styleFor } from './render/style.ts';

export interface ShellStreams {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
}

export interface OutputOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/**
 * What a command prints with. Results go to stdout; progress, notes, logs and errors go to stderr. Under `--json`
 * stdout holds one JSON object and stderr nothing but JSON lines: the error, and logs under `--verbose`.
 */
export class Shell {
  exit: ExitCode = EXIT.ok;
  /** For text on stdout. */
  readonly style: Style;
  /** For text on stderr. */
  readonly errorStyle: Style;
  readonly #streams: ShellStreams;
  readonly #interrupt: AbortController;
  #json = false;
  #logger: Logger | undefined;
  #interruptible = false;

  constructor(streams: ShellStreams, interrupt = new AbortController()) {
    this.#streams = streams;
    this.#interrupt = interrupt;
    this.style = styleFor(colorWanted(streams.stdout, streams.env));
    this.errorStyle = styleFor(colorWanted(streams.stderr, streams.env));
  }

  /** Takes the options every command has. */
  async configure(options: OutputOptions): Promise<void> {
    this.#json = options.json === true;
    if (options.verbose) {
      const { pino } = await import('pino');
      this.#logger = pino({ base: null, level: 'debug' }, pino.destination({ dest: 2, sync: true }));
    }
  }

  /** Takes `--json` from the words themselves, for errors met before they are understood. */
  expectJson(words: readonly string[]): void {
    this.#json = words.includes('--json');
  }

  /** The result: an object for programs, text for people. Nothing else may print to stdout. */
  result(value: object, text: () => string): void {
    const body = this.#json ? JSON.stringify(value, null, 2) : text();
    this.#streams.stdout.write(`${body}\n`);
  }

  /** One of many results, as one line of JSON. Only under `--json`; the last line is the command's `result`. */
  line(value: object): void {
    if (this.#json) this.#streams.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** The result after `line`s: as they are, one line of JSON. */
  lastLine(value: object, text: () => string): void {
    this.#streams.stdout.write(`${this.#json ? JSON.stringify(value) : text()}\n`);
  }

  /** A sentence for people while they wait. */
  note(text: string): void {
    if (!this.#json) this.#streams.stderr.write(`${text}\n`);
  }

  /** Something is not as it should be, and the command goes on. */
  warn(text: string): void {
    this.#logger?.warn(text);
    this.note(this.errorStyle.yellow(`! ${text}`));
  }

  log(event: string, fields: object = {}): void {
    this.#logger?.info(fields, event);
  }

  progress(verb: string, total: number, options: { done?: number; percent?: boolean } = {}): Progress {
    const output = this.#json ? SILENT : this.#streams.stderr;
    const live = this.live;
    return new Progress({ output, style: this.errorStyle, live, verb, total, ...options });
  }

  /** What is being done right now: one line that changes on a terminal, a line each elsewhere. */
  step(text: string): void {
    this.log('step', { step: text });
    if (this.live) this.#streams.stderr.write(`\r\x1b[2K${this.errorStyle.dim(`${text} …`)}`);
    else this.note(text);
  }

  /** Takes the last step off the terminal. */
  endSteps(): void {
    if (this.live) this.#streams.stderr.write('\r\x1b[2K');
  }

  /** Whether a person watches stderr, on a terminal that can redraw a line. */
  get live(): boolean {
    const { stderr, env } = this.#streams;
    return !this.#json && stderr.isTTY === true && env.TERM !== 'dumb';
  }

  /** For work that stops cleanly: from here on Ctrl-C aborts this signal instead of ending the process. */
  interruptible(): AbortSignal {
    this.#interruptible = true;
    return this.#interrupt.signal;
  }

  /** Ctrl-C. @returns whether the running command stops by itself */
  interrupt(): boolean {
    if (!this.#interruptible || this.#interrupt.signal.aborted) return false;
    this.#interrupt.abort();
    return true;
  }

  fail(thrown: unknown): void {
    const error = asQuietproofError(thrown);
    this.exit = error.exit;
    this.#logger?.error({ err: thrown }, 'failed');
    this.#streams.stderr.write(`${this.#json ? errorJson(error) : renderError(error, this.errorStyle)}\n`);
  }
}

const SILENT: Output = { write: () => true };

function errorJson({ code, what, where, fix }: QuietproofError): string {
  return JSON.stringify({ error: { code, what, where: where ?? null, fix: fix ?? null } });
}
