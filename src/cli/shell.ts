import type { Logger } from 'pino';
import { EXIT, type ExitCode } from '../errors/error-spec.ts';
import type { QuietproofError } from '../errors/quietproof-error.ts';
import type { AppliedConfig } from './config/apply-config.ts';
import { Interrupts } from './interrupts.ts';
import { asQuietproofError } from './known-error.ts';
import { renderError } from './render/error.ts';
import { Progress } from './render/progress.ts';
import { colorWanted, type Output, type Style, styleFor } from './render/style.ts';
import { renderTimings, Timings } from './timings.ts';

export interface ShellStreams {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
}

export interface OutputOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly timings?: boolean;
}

/**
 * The output of a command. Results go to stdout; progress, notes, logs and errors go to stderr. With `--json`, stdout
 * holds one JSON object and stderr only JSON lines: the error, and logs with `--verbose`.
 */
export class Shell {
  exit: ExitCode = EXIT.ok;
  /** What the command took from a configuration file. */
  configuration: AppliedConfig | undefined;
  /** For text on stdout. */
  readonly style: Style;
  /** For text on stderr. */
  readonly errorStyle: Style;
  readonly #streams: ShellStreams;
  readonly #interrupts = new Interrupts();
  #json = false;
  #logger: Logger | undefined;
  #timings: Timings | undefined;

  constructor(streams: ShellStreams) {
    this.#streams = streams;
    this.style = styleFor(colorWanted(streams.stdout, streams.env));
    this.errorStyle = styleFor(colorWanted(streams.stderr, streams.env));
  }

  /** Applies the options that every command has. */
  async configure(options: OutputOptions): Promise<void> {
    this.#json = options.json === true;
    if (options.verbose) {
      const { pino } = await import('pino');
      this.#logger = pino({ base: null, level: 'debug' }, pino.destination({ dest: 2, sync: true }));
    }
    if (options.timings) this.#timings = new Timings();
    if (this.configuration !== undefined) this.log('configuration', this.configuration);
  }

  /** Looks for `--json` in the raw arguments, for errors that occur before these are parsed. */
  expectJson(words: readonly string[]): void {
    this.#json = words.includes('--json');
  }

  /** Prints the result: an object with `--json`, else text. Nothing else may print to stdout. */
  result(value: object, text: () => string): void {
    const body = this.#json ? JSON.stringify({ ...value, ...this.timings }, null, 2) : text();
    this.#streams.stdout.write(`${body}\n`);
  }

  /** Prints a line of a result that the command has put into its form itself. */
  print(line: string): void {
    this.#streams.stdout.write(`${line}\n`);
  }

  /** Prints a sentence for users, unless `--json`. */
  note(text: string): void {
    if (!this.#json) this.#streams.stderr.write(`${text}\n`);
  }

  /** Warns about a problem that does not stop the command. */
  warn(text: string): void {
    this.#logger?.warn(text);
    this.note(this.errorStyle.yellow(`! ${text}`));
  }

  /** The command enters a phase of its work: for `--timings`. */
  phase(name: string): void {
    this.#timings?.enter(name);
  }

  /** Adds the work on one row, in milliseconds by kind: for `--timings`. */
  worked(work: Readonly<Record<string, number>>): void {
    this.#timings?.add(work);
  }

  /** What `--timings` adds to a JSON result. */
  get timings(): object {
    return this.#timings === undefined ? {} : { timings: this.#timings.report() };
  }

  log(event: string, fields: object = {}): void {
    this.#logger?.info(fields, event);
  }

  progress(verb: string, total: number, options: { done?: number; percent?: boolean } = {}): Progress {
    const output = this.#json ? SILENT : this.#streams.stderr;
    const live = this.live;
    return new Progress({ output, style: this.errorStyle, live, verb, total, ...options });
  }

  /** Shows the current step: one changing line on a terminal, one line per step elsewhere. */
  step(text: string): void {
    this.log('step', { step: text });
    this.phase(text);
    if (this.live) this.#streams.stderr.write(`\r\x1b[2K${this.errorStyle.dim(`${text} …`)}`);
    else this.note(text);
  }

  /** Removes the last step from the terminal. */
  endSteps(): void {
    if (this.live) this.#streams.stderr.write('\r\x1b[2K');
  }

  /** Whether stderr is a terminal that can redraw a line. */
  get live(): boolean {
    const { stderr, env } = this.#streams;
    return !this.#json && stderr.isTTY === true && env.TERM !== 'dumb';
  }

  /** For work that can stop cleanly: from now on the first Ctrl-C aborts this signal instead of ending the process. */
  interruptible(): AbortSignal {
    return this.#interrupts.signal();
  }

  /** The command has ended. */
  ended(): void {
    this.#interrupts.release();
    if (this.#timings !== undefined) this.note(renderTimings(this.#timings.report()));
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
