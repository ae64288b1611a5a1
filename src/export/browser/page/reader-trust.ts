import { type GivenStatement, MAX_STATEMENTS, Refusal, type Verdict, Vouching } from '@quietproof/verify';
import { byId, foreign, say } from './dom.ts';
import type { OpenedFile } from './files.ts';
import { FORM } from './words.ts';

/** The trust file and the statements that the reader has chosen so far. */
export class ReaderTrust {
  #file: OpenedFile | undefined;
  #refusal: string | undefined;
  readonly #statements: GivenStatement[];
  /** How many the reader has chosen. */
  #chosen = 0;
  vouching: Vouching | undefined;

  /** @param carried statements that came with the page */
  constructor(carried: readonly GivenStatement[]) {
    this.#statements = [...carried];
  }

  /** A new trust file replaces the one before; statements are added. */
  take(files: readonly OpenedFile[], statements: readonly OpenedFile[]): void {
    if (files.length + statements.length === 0) return;
    this.#file = files.at(-1) ?? this.#file;
    this.#chosen += statements.length;
    for (const { bytes, name } of statements) {
      if (this.#statements.length < MAX_STATEMENTS) this.#statements.push({ name, content: bytes });
    }
    this.#refusal = undefined;
    this.vouching = this.#read();
    this.show(undefined);
  }

  #read(): Vouching | undefined {
    if (this.#file === undefined) return undefined;
    try {
      return new Vouching(this.#file.bytes, this.#statements);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#refusal = error.message;
      return undefined;
    }
  }

  /** Says beside the field for files what was chosen, and what of it counts. */
  show(verdict: Verdict | undefined): void {
    const said = byId('trust-said');
    const file = foreign(this.#file?.name ?? '');
    if (this.#refusal !== undefined) {
      said.replaceChildren(...parts(FORM.trust.refused, { file, why: foreign(this.#refusal) }));
      return;
    }
    if (this.#file === undefined) {
      said.textContent = this.#chosen === 0 ? '' : FORM.trust.waits;
      return;
    }
    const all = verdict?.trust?.statements ?? [];
    const count = String(all.filter(({ counts }) => counts).length);
    said.replaceChildren(...parts(FORM.trust.asks, { file, count, all: String(all.length) }));
  }
}

function parts(template: string, values: Parameters<typeof say>[1]): (Node | string)[] {
  return say(template, values).filter((part) => part !== undefined);
}
