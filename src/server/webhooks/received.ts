import { type FileHandle, open, readFile } from 'node:fs/promises';
import { writeDurably } from '../../store/durable-file.ts';
import type { Notice } from './message.ts';

const HEADER = /^since (\d{1,15})\n/;
const LINE = /^[rl] [0-9a-f]{16}$/;
const DIGITS = 16;

/**
 * What a receiver has confirmed. It is the only thing about webhooks that is kept: what is owed follows from the answers and
 * their proofs. A mark that a crash loses makes a notice come twice, so marks are not synced. They are as long as what is
 * kept of erased receipts: 8 bytes.
 */
export class Received {
  /** Seconds since 1970: answers that were sealed before are none of the receiver's business. */
  readonly since: number;
  readonly #file: string;
  readonly #marks: Set<string>;
  #handle: FileHandle | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(file: string, since: number, marks: Set<string>) {
    this.#file = file;
    this.since = since;
    this.#marks = marks;
  }

  /**
   * Opens the marks of a receiver; one that was never named hears of answers from now on.
   *
   * @param now seconds since 1970
   * @throws QP8001–QP8008
   */
  static async open(file: string, now: number): Promise<Received> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return '';
    });
    const since = HEADER.exec(text)?.[1];
    // A last line that was torn is no mark.
    const marks = new Set(text.split('\n').filter((line) => LINE.test(line)));
    const received = new Received(file, since === undefined ? now : Number(since), marks);
    await received.#rewrite();
    return received;
  }

  has(notice: Notice): boolean {
    return this.#marks.has(markOf(notice));
  }

  /** Marks that a notice was received. Failing to write it means that it is sent again after a restart. */
  add(notice: Notice): void {
    const mark = markOf(notice);
    if (this.#marks.has(mark)) return;
    this.#marks.add(mark);
    this.#write(() => this.#handle?.appendFile(`${mark}\n`));
  }

  /** Forgets what is about other answers. */
  keep(receiptIds: Iterable<string>): void {
    const known = new Set(Array.from(receiptIds, (id) => id.slice(0, DIGITS)));
    const { size } = this.#marks;
    for (const mark of this.#marks) if (!known.has(mark.slice(2))) this.#marks.delete(mark);
    if (this.#marks.size < size) this.#write(() => this.#rewrite());
  }

  #write(task: () => Promise<unknown> | undefined): void {
    this.#writing = this.#writing.then(task).catch(() => {});
  }

  async #rewrite(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
    const lines = [`since ${this.since}`, ...this.#marks, ''];
    await writeDurably(this.#file, lines.join('\n'), 0o600);
    this.#handle = await open(this.#file, 'a', 0o600);
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#handle?.close();
    this.#handle = undefined;
  }
}

function markOf({ type, receiptId }: Notice): string {
  return `${type === 'proof.ready' ? 'r' : 'l'} ${receiptId.slice(0, DIGITS)}`;
}
