import { type FileHandle, open, readFile } from 'node:fs/promises';
import { writeDurably } from '../../store/durable-file.ts';
import type { Notice } from './message.ts';

const HEADER = /^since (\d{1,15})\n/;
const LINE = /^([rl] [0-9a-f]{16}) (\d{1,15})$/;
const DIGITS = 16;

/**
 * What a receiver has confirmed. It is the only thing about webhooks that is kept: what is owed follows from the answers and
 * their proofs. A mark that a crash loses makes a notice come twice, so marks are not synced. They have 8 bytes of the
 * receipt, and go when no start will ask about its answer any more.
 */
export class Received {
  /** Seconds since 1970: answers that were sealed before are none of the receiver's business. */
  readonly since: number;
  readonly #file: string;
  /** With the positions of their answers. */
  readonly #marks: Map<string, number>;
  #handle: FileHandle | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(file: string, since: number, marks: Map<string, number>) {
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
    const received = await Received.read(file, now);
    await received.#rewrite();
    return received;
  }

  /** The same, and leaves the file alone: to be asked, not added to. */
  static async read(file: string, now: number): Promise<Received> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return '';
    });
    const since = HEADER.exec(text)?.[1];
    // A last line that was torn is no mark.
    const marks = new Map<string, number>();
    for (const line of text.split('\n')) {
      const [, mark, position] = LINE.exec(line) ?? [];
      if (mark !== undefined) marks.set(mark, Number(position));
    }
    return new Received(file, since === undefined ? now : Number(since), marks);
  }

  has(notice: Omit<Notice, 'position'>): boolean {
    return this.#marks.has(markOf(notice));
  }

  /** Marks that a notice was received. Failing to write it means that it is sent again after a restart. */
  add(notice: Notice): void {
    const mark = markOf(notice);
    if (this.#marks.has(mark)) return;
    this.#marks.set(mark, notice.position);
    this.#write(() => this.#handle?.appendFile(`${mark} ${notice.position}\n`));
  }

  /** Forgets what is about answers of earlier positions. */
  forget(position: number): void {
    const { size } = this.#marks;
    for (const [mark, own] of this.#marks) if (own < position) this.#marks.delete(mark);
    if (this.#marks.size < size) this.#write(() => this.#rewrite());
  }

  #write(task: () => Promise<unknown> | undefined): void {
    this.#writing = this.#writing.then(task).catch(() => {});
  }

  async #rewrite(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
    const marks = Array.from(this.#marks, ([mark, position]) => `${mark} ${position}`);
    const lines = [`since ${this.since}`, ...marks, ''];
    await writeDurably(this.#file, lines.join('\n'), 0o600);
    this.#handle = await open(this.#file, 'a', 0o600);
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#handle?.close();
    this.#handle = undefined;
  }
}

function markOf({ type, receiptId }: Omit<Notice, 'position'>): string {
  return `${type === 'proof.ready' ? 'r' : 'l'} ${receiptId.slice(0, DIGITS)}`;
}
