import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder, removeTemporaries } from '../../../store/durable-file.ts';
import { ROWS_PER_PAGE, type Row, RunFile, type RunSpan } from './run-file.ts';

const NAME = /^(\d{1,16})-(\d{1,16})\.run$/;
const PRIVATE_FOLDER = 0o700;
/** Runs that are merged together, and by how much the first of them may be larger than the last. */
const MERGED = 4;
/** With more, adding waits for what is being merged, so that they are few whatever the machine does. */
const MOST_RUNS = 12;

/**
 * A map from keys to values that is on disk alone: runs of sorted rows, in the order in which they were added. Of four
 * runs in a row the first is at least four times as large as the last, or they become one; so n runs of equal size are kept
 * in about 3 log4(n) files.
 *
 * A run is whole or absent. A merged one appears under its name before those that it replaces go; opening takes the longest
 * from each part on and removes the others, so a crash in between costs nothing.
 */
export class SortedRuns {
  readonly #folder: string;
  #runs: RunFile[];
  #merging: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(folder: string, runs: RunFile[]) {
    [this.#folder, this.#runs] = [folder, runs];
  }

  /** @throws QP8001–QP8008 */
  static async open(folder: string): Promise<SortedRuns> {
    await makeFolder(folder, PRIVATE_FOLDER);
    await removeTemporaries(folder);
    const found: { readonly file: string; readonly from: number; readonly to: number }[] = [];
    for (const name of await readdir(folder)) {
      const [, from, to] = NAME.exec(name) ?? [];
      if (from !== undefined) found.push({ file: path.join(folder, name), from: +from, to: Number(to) });
    }
    found.sort((a, b) => a.from - b.from || b.to - a.to);
    const runs: RunFile[] = [];
    for (const { file, from, to } of found) {
      const run = from === (runs.at(-1)?.span.to ?? 0) ? await RunFile.open(file) : undefined;
      if (run?.span.from === from && run.span.to === to) runs.push(run);
      else await rm(file, { force: true });
    }
    return new SortedRuns(folder, runs);
  }

  /** What the last run was marked with; 0 if there is none. */
  get mark(): number {
    return this.#runs.at(-1)?.span.mark ?? 0;
  }

  get files(): number {
    return this.#runs.length;
  }

  /** @throws QP8001–QP8008 */
  async add(rows: readonly Row[], mark: number): Promise<void> {
    if (this.#runs.length > MOST_RUNS) await this.#merging;
    const sorted = rows.toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
    const from = this.#runs.at(-1)?.span.to ?? 0;
    const span = { from, to: from + 1, mark, rows: rows.length };
    this.#runs.push(await this.#write(span, pagesOf(sorted)));
    // A merge that fails is tried again when the next run is added.
    this.#merging = this.#merging.then(() => this.#merge()).catch(() => {});
  }

  #write(span: RunSpan, pages: AsyncIterable<readonly Row[]>): Promise<RunFile> {
    return RunFile.write(path.join(this.#folder, `${span.from}-${span.to}.run`), span, pages);
  }

  async #merge(): Promise<void> {
    while (!this.#closed) {
      const last = this.#runs.slice(-MERGED);
      if (last.length < MERGED || last[0]!.span.rows >= MERGED * last.at(-1)!.span.rows) return;
      const span = {
        from: last[0]!.span.from,
        to: last.at(-1)!.span.to,
        mark: last.at(-1)!.span.mark,
        rows: last.reduce((sum, run) => sum + run.span.rows, 0),
      };
      const merged = await this.#write(span, mergedPages(last));
      this.#runs.splice(this.#runs.indexOf(last[0]!), MERGED, merged);
      for (const { file } of last) await rm(file, { force: true });
    }
  }

  /** @throws DamagedRun */
  async find(key: bigint): Promise<bigint | undefined> {
    for (;;) {
      const runs = this.#runs.slice();
      try {
        for (const run of runs.reverse()) {
          const found = run.span.rows === 0 ? undefined : await run.find(key);
          if (found !== undefined) return found;
        }
        return undefined;
      } catch (error) {
        // Merged meanwhile.
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'ENOENT' || runs.every((run) => this.#runs.includes(run))) throw error;
      }
    }
  }

  /** Removes everything. */
  async clear(): Promise<void> {
    await this.#merging;
    const runs = this.#runs;
    this.#runs = [];
    // The last first: what is left of it after a crash still begins at 0.
    for (const { file } of runs.reverse()) await rm(file, { force: true });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#merging;
  }
}

async function* pagesOf(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  for (let at = 0; at < rows.length; at += ROWS_PER_PAGE) yield rows.slice(at, at + ROWS_PER_PAGE);
}

async function* mergedPages(runs: readonly RunFile[]): AsyncGenerator<readonly Row[]> {
  const cursors = runs.map((run) => new Cursor(run));
  try {
    for (const cursor of cursors) await cursor.turn();
    let page: Row[] = [];
    for (let least = leastOf(cursors); least !== undefined; least = leastOf(cursors)) {
      page.push(least.row!);
      if (least.next()) await least.turn();
      if (page.length < ROWS_PER_PAGE) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  } finally {
    for (const cursor of cursors) await cursor.close();
  }
}

function leastOf(cursors: readonly Cursor[]): Cursor | undefined {
  let least: Cursor | undefined;
  for (const cursor of cursors) {
    if (cursor.row !== undefined && !(least !== undefined && least.row!.key <= cursor.row.key))
      least = cursor;
  }
  return least;
}

/** A place in a run that is being read. */
class Cursor {
  readonly #pages: AsyncGenerator<readonly Row[]>;
  #page: readonly Row[] = [];
  #at = 0;

  constructor(run: RunFile) {
    this.#pages = run.pages();
  }

  get row(): Row | undefined {
    return this.#page[this.#at];
  }

  /** @returns whether the page is over */
  next(): boolean {
    this.#at += 1;
    return this.#at >= this.#page.length;
  }

  async turn(): Promise<void> {
    const { value, done } = await this.#pages.next();
    [this.#page, this.#at] = [done ? [] : value, 0];
  }

  async close(): Promise<void> {
    await this.#pages.return(undefined);
  }
}
