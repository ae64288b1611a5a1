import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Time } from '@quietproof/verify';
import { MODEL_FILE } from '@quietproof/verify/command/model-records';
import { sha256 } from '../../data/sha256.ts';
import type { KnownResults } from '../checks/check-records.ts';
import type { CheckResult, SourceEntry } from '../checks/checked-record.ts';
import { linesOf } from './lines.ts';

/** In the folder of the findings while an audit runs; gone once it is finished. */
export const STATE_FILE = '.audit-state';
const VERSION = 'quietproof/audit-state/v1';

interface Header {
  readonly version: typeof VERSION;
  /** Digest of what results depend on beside the records. */
  readonly bound: string;
  /** The time for which trust is judged. */
  readonly at?: Time;
}

/** Results of a batch. Its records are found again by the digest of their names, sizes and times. */
interface Batch {
  readonly entries: string;
  readonly results: readonly CheckResult[];
}

/**
 * What an audit has checked, batch by batch, so that one that was killed goes on. It is as good as its folder: whoever
 * can write there can write findings too. What is bound to other inputs, torn, or of files that have changed since is
 * checked again.
 */
export class AuditState implements KnownResults {
  readonly #handle: FileHandle;
  readonly #file: string;
  readonly #archives: ReadonlySet<number>;
  #lines: AsyncGenerator<Line> | undefined;
  /** Where the next batch is written. */
  #end: number;

  private constructor(file: string, handle: FileHandle, end: number, archives: ReadonlySet<number>) {
    this.#file = file;
    this.#handle = handle;
    this.#end = end;
    this.#archives = archives;
  }

  /** The time for which a killed audit in this folder judged; undefined if there is none, or it judged none. */
  static async timeIn(folder: string): Promise<Time | undefined> {
    return (await headerIn(path.join(folder, STATE_FILE)))?.header.at;
  }

  /** Whether a killed audit with the same inputs is to be gone on with; undefined if there is none of any kind. */
  static async fits(folder: string, bound: string): Promise<boolean | undefined> {
    const found = await headerIn(path.join(folder, STATE_FILE));
    return found && found.header.bound === bound;
  }

  /** Goes on with the state in this folder if it is bound to the same, or begins a new one. */
  static async open(
    folder: string,
    { bound, at, archives }: { bound: string; at?: Time; archives: ReadonlySet<number> },
  ): Promise<AuditState> {
    const file = path.join(folder, STATE_FILE);
    const found = await headerIn(file);
    if (found?.header.bound === bound) {
      const handle = await open(file, 'r+');
      const state = new AuditState(file, handle, found.end, archives);
      state.#lines = batchLines(file, found.end);
      return state;
    }
    const header: Header = { version: VERSION, bound, ...(at !== undefined && { at }) };
    const handle = await open(file, 'w');
    const state = new AuditState(file, handle, 0, archives);
    await state.#write(JSON.stringify(header));
    return state;
  }

  async take(entries: readonly SourceEntry[]): Promise<readonly CheckResult[] | undefined> {
    if (this.#lines === undefined) return undefined;
    const next = await this.#lines.next();
    const { value } = next;
    if (!next.done && value !== undefined && value.batch.entries === (await this.#digest(entries))) {
      this.#end = value.end;
      return value.batch.results;
    }
    await this.#lines.return(undefined);
    this.#lines = undefined;
    await this.#handle.truncate(this.#end);
    return undefined;
  }

  /** To be called in the order of the batches. */
  async add(entries: readonly SourceEntry[], results: readonly CheckResult[]): Promise<void> {
    const digest = await this.#digest(entries);
    if (digest !== undefined) await this.#write(JSON.stringify({ entries: digest, results } satisfies Batch));
  }

  /** @param isFinished the findings are written: nothing is to be gone on with */
  async close(isFinished: boolean): Promise<void> {
    await this.#lines?.return(undefined);
    await this.#handle.close();
    if (isFinished) await rm(this.#file, { force: true });
  }

  async #write(json: string): Promise<void> {
    const line = Buffer.from(`${sha256(json)} ${json}\n`);
    await this.#handle.write(line, 0, line.length, this.#end);
    this.#end += line.length;
  }

  /** Undefined where nothing shows that a record is the same as before. */
  async #digest(entries: readonly SourceEntry[]): Promise<string | undefined> {
    const folders = new Map<string, Promise<string>>();
    const parts: unknown[] = [];
    for (const { source, path: inSource, file, refused } of entries) {
      if (this.#archives.has(source)) parts.push([source, inSource]);
      else if (refused !== undefined) parts.push([source, inSource, refused.code]);
      else if (file === undefined) return undefined;
      else {
        const folder = path.dirname(file);
        const model = folders.get(folder) ?? stamp(path.join(folder, MODEL_FILE));
        folders.set(folder, model);
        parts.push([source, inSource, await stamp(file), await model]);
      }
    }
    return sha256(JSON.stringify(parts));
  }
}

/** What changes when a file is written: a text without meaning. */
export async function stamp(file: string): Promise<string> {
  try {
    const { size, mtimeNs, ctimeNs, ino } = await stat(file, { bigint: true });
    return [size, mtimeNs, ctimeNs, ino].join(' ');
  } catch {
    return 'none';
  }
}

interface Line {
  readonly batch: Batch;
  /** Bytes up to its end. */
  readonly end: number;
}

async function headerIn(file: string): Promise<{ header: Header; end: number } | undefined> {
  for await (const { text, end } of linesOf(file)) {
    const header = opened(text) as Header | undefined;
    return header?.version === VERSION ? { header, end } : undefined;
  }
  return undefined;
}

/** Those before the first that is torn. */
async function* batchLines(file: string, start: number): AsyncGenerator<Line> {
  for await (const { text, end } of linesOf(file, start)) {
    const batch = opened(text) as Batch | undefined;
    if (batch === undefined) return;
    yield { batch, end };
  }
}

const DIGITS = 64;

/** The content of a line with its digest; undefined for one that was not written to its end. */
function opened(line: string): unknown {
  const json = line.slice(DIGITS + 1);
  if (line.slice(0, DIGITS) !== sha256(json)) return undefined;
  return JSON.parse(json);
}
