import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { LogTree } from '../../log/log-tree.ts';
import type { TileLog } from '../../log/tile-log.ts';
import { type TimestampAuthority, timestampCheckpoint } from '../../log/timestamp-client.ts';
import { writeDurably } from '../../store/durable-file.ts';
import { writeTogether } from '../../store/write-together.ts';
import type { Clock } from './clock.ts';
import { LogService } from './log-service.ts';

export interface TimestampingOptions {
  /** Of the log: timestamps are public as it is. */
  readonly folder: string;
  readonly authorities: readonly TimestampAuthority[];
  /** Milliseconds between timestamps of one authority, while the log grows. */
  readonly every: number;
  readonly clock: Clock;
  readonly onFailure: (authority: string, error: unknown) => void;
}

/** A line of the list, in JSON: a checkpoint that was timestamped. Files are named from the list's folder. */
interface ListedTimestamp {
  readonly size: number;
  /** Seconds since 1970: the checkpoint existed by then. */
  readonly time: number;
  readonly authority: string;
  /** The timestamp is of its text, without signatures. */
  readonly checkpoint: string;
  /** A TimeStampResp in DER. */
  readonly timestamp: string;
}

/** In the folder of the log. */
const FOLDER = 'timestamp';
const LIST = 'list';

/** Has checkpoints timestamped once in a while, and keeps the timestamps beside the log. */
export class Timestamping {
  readonly authorities: readonly LogService[];
  readonly #folder: string;
  readonly #listed: ListedTimestamp[];
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    { folder, authorities, every, clock, onFailure }: TimestampingOptions,
    listed: ListedTimestamp[],
  ) {
    [this.#folder, this.#listed] = [path.join(folder, FOLDER), listed];
    this.authorities = authorities.map((authority) => {
      const { name } = authority;
      const last = listed.findLast((one) => one.authority === name);
      return new LogService({
        name,
        ask: (tree) => this.#ask(authority, tree),
        every,
        renewEvery: Number.POSITIVE_INFINITY,
        onFailure: (error) => onFailure(name, error),
        ...(last && { before: { entries: last.size, ago: clock() - last.time * 1000 } }),
      });
    });
  }

  /** @throws QP6562 if the list of earlier timestamps is damaged; QP8001–QP8008 */
  static async open(options: TimestampingOptions): Promise<Timestamping> {
    return new Timestamping(options, await readList(path.join(options.folder, FOLDER, LIST)));
  }

  /** The log has published its last checkpoint. */
  published(log: TileLog): void {
    for (const authority of this.authorities) authority.offer(log.tree);
  }

  async #ask(authority: TimestampAuthority, { size, checkpoint }: LogTree): Promise<void> {
    const [outcome] = await timestampCheckpoint(checkpoint, [authority]);
    if (outcome === undefined || 'error' in outcome) throw outcome?.error;
    const files = { checkpoint: `${size}/checkpoint`, timestamp: `${size}/${fileNameOf(authority)}` };
    const written = new Map<string, Uint8Array>([
      [path.join(this.#folder, files.checkpoint), new TextEncoder().encode(checkpoint)],
      [path.join(this.#folder, files.timestamp), outcome.timestamp],
    ]);
    const listed = { size, time: outcome.checked.existedBy, authority: authority.name, ...files };
    const before = this.#writing;
    this.#writing = before.catch(() => {}).then(() => this.#list(listed, written));
    await this.#writing;
  }

  async #list(listed: ListedTimestamp, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    await writeTogether(files);
    const all = [...this.#listed, listed];
    await writeDurably(path.join(this.#folder, LIST), all.map((one) => `${JSON.stringify(one)}\n`).join(''));
    this.#listed.push(listed);
  }

  /** Asks no more, and waits for what is being written. */
  async close(): Promise<void> {
    for (const authority of this.authorities) authority.close();
    await this.#writing.catch(() => {});
  }
}

function fileNameOf({ name }: TimestampAuthority): string {
  return `${name.replace(/[^\w.-]/g, '_')}.tsr`;
}

async function readList(file: string): Promise<ListedTimestamp[]> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as ListedTimestamp);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new QuietproofError('QP6562', { where: file, cause });
  }
}
