import type { Output, Style } from '../../render/style.ts';

const LOOK_AGAIN = 250;

/** Prints a story, step by step. */
export class Story {
  readonly style: Style;
  readonly #output: Output;
  #step = 0;

  constructor(style: Style, output: Output) {
    [this.style, this.#output] = [style, output];
  }

  opening(title: string, about: string): void {
    this.print('', this.style.bold(title), this.style.dim(about));
  }

  step(text: string): void {
    this.#step += 1;
    this.print('', `${this.style.cyan(String(this.#step))} ${this.style.bold(text)}`);
  }

  /** Something that went as it should. */
  done(text: string): void {
    this.print(`  ${this.style.green('✓')} ${text}`);
  }

  wrong(text: string): void {
    this.print(`  ${this.style.red('✗')} ${text}`);
  }

  note(text: string): void {
    this.print(`    ${this.style.dim(text)}`);
  }

  print(...lines: readonly string[]): void {
    for (const line of lines) this.#output.write(`${line}\n`);
  }

  /** @returns what `look` gives, when it gives something */
  async until<T>(why: string, look: () => Promise<T | undefined>): Promise<T> {
    this.note(`waiting ${why} …`);
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
    }
  }
}
