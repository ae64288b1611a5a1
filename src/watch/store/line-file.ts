import { type FileHandle, open, readFile } from 'node:fs/promises';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { checkedLine, readCheckedLine, splitLines } from '../../store/checked-lines.ts';
import { writeDurably, writeError } from '../../store/durable-file.ts';

/** Only the owner may read it. */
const PRIVATE = 0o600;
/** Values that are written together, at most. */
const MOST = 1024;

interface Waiting {
  readonly values: readonly unknown[];
  /** These values instead of all before, not behind them. */
  readonly replaces: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What a line holds: its number, the number of the first line that was written with it, and the value. */
type Line = readonly [number: number, group: number, value: unknown];

/** A file of JSON values, one a line, to which values are added durably, many at a time. */
export class LineFile {
  readonly file: string;
  #handle: FileHandle;
  #size: number;
  #count: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  /** After a failed sync nobody knows what is on disk. */
  #failed: unknown;

  private constructor(file: string, handle: FileHandle, size: number, count: number) {
    [this.file, this.#handle, this.#size, this.#count] = [file, handle, size, count];
  }

  /**
   * Opens or begins a file. What was torn while nobody relied on it is cut off.
   *
   * @returns the values in it, in order
   * @throws QP6452 if values are missing on which somebody may have relied; QP8001–QP8008
   */
  static async open(
    file: string,
  ): Promise<{ readonly lines: LineFile; readonly values: readonly unknown[] }> {
    const content = await readFile(file).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw writeError(error, file);
      await writeDurably(file, '', PRIVATE);
      return Buffer.alloc(0);
    });
    const { values, whole } = readLines(content, file);
    const handle = await open(file, 'r+').catch((error) => {
      throw writeError(error, file);
    });
    if (whole < content.length) {
      await handle.truncate(whole);
      await handle.datasync();
    }
    return { lines: new LineFile(file, handle, whole, values.length), values };
  }

  /**
   * Adds values, all of them or, after a crash, the first of them.
   *
   * @returns when they are durable
   * @throws QP8001–QP8008, and then for everything that comes later too
   */
  add(values: readonly unknown[]): Promise<void> {
    return this.#ask(values, false);
  }

  /**
   * Replaces all values by these, or, after a crash, by none of them.
   *
   * @returns when they are durable
   * @throws as `add` does
   */
  replace(values: readonly unknown[]): Promise<void> {
    return this.#ask(values, true);
  }

  #ask(values: readonly unknown[], replaces: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ values, replaces, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  async #write(): Promise<void> {
    // What is added in the same turn of the event loop is one group.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup();
      try {
        if (this.#failed !== undefined) throw this.#failed;
        const values = group.flatMap((one) => one.values);
        await (group[0]!.replaces ? this.#replaceAll(values) : this.#writeGroup(values));
        for (const { resolve } of group) resolve();
      } catch (error) {
        this.#failed ??= writeError(error, this.file);
        for (const { reject } of group) reject(this.#failed);
      }
    }
    this.#writing = undefined;
  }

  /** One that replaces is a group of its own. */
  #nextGroup(): Waiting[] {
    const replacing = this.#waiting.findIndex(({ replaces }) => replaces);
    return this.#waiting.splice(0, replacing === -1 ? MOST : Math.max(1, Math.min(MOST, replacing)));
  }

  async #replaceAll(values: readonly unknown[]): Promise<void> {
    const bytes = Buffer.from(linesOf(values, 0));
    await writeDurably(this.file, bytes, PRIVATE);
    const before = this.#handle;
    this.#handle = await open(this.file, 'r+');
    await before.close();
    [this.#size, this.#count] = [bytes.length, values.length];
  }

  async #writeGroup(values: readonly unknown[]): Promise<void> {
    const bytes = Buffer.from(linesOf(values, this.#count));
    for (let written = 0; written < bytes.length; ) {
      const at = this.#size + written;
      written += (await this.#handle.write(bytes, written, bytes.length - written, at)).bytesWritten;
    }
    await this.#handle.datasync();
    this.#size += bytes.length;
    this.#count += values.length;
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#handle.close();
  }
}

/** @param first number of the first of them */
function linesOf(values: readonly unknown[], first: number): string {
  return values.map((value, k) => checkedLine([first + k, first, value] satisfies Line)).join('');
}

/**
 * A group is written only after the one before is durable. So a crash can tear lines of the last group only: a line of a
 * group that began later shows that what cannot be read was durable.
 */
function readLines(content: Buffer, file: string): { readonly values: unknown[]; readonly whole: number } {
  const values: unknown[] = [];
  let whole = 0;
  let isTorn = false;
  for (const { line, offset, length } of splitLines(content)) {
    const [number, group, value] = (readCheckedLine(line) as Line | undefined) ?? [];
    if (!isTorn && number === values.length) {
      values.push(value);
      whole = offset + length;
    } else {
      isTorn = true;
      if (group !== undefined && group > values.length) throw damaged(file, values.length + 1);
    }
  }
  return { values, whole };
}

function damaged(file: string, line: number): QuietproofError {
  return new QuietproofError('QP6452', {
    where: `${file}, line ${line}`,
    fix: 'Restore the file from a copy, or begin with another --state: what was promised before is then not watched',
  });
}
