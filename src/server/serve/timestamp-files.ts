import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { writeDurably } from '../../store/durable-file.ts';
import { writeTogether } from '../../store/write-together.ts';
import {
  listLine,
  TIMESTAMP_FOLDER,
  TIMESTAMP_LIST,
  type Timestamped,
  type TimestampPlace,
  type TimestampStore,
  timestampFilesOf,
} from './timestamp-store.ts';

/** Timestamps as files beside those of the log. Whoever has the endpoint's folder is the only one to write them. */
export class TimestampFiles implements TimestampStore {
  readonly #folder: string;
  readonly #listed: TimestampPlace[];

  private constructor(folder: string, listed: TimestampPlace[]) {
    [this.#folder, this.#listed] = [folder, listed];
  }

  /**
   * @param logFolder of the log
   * @throws QP6562 if the list is damaged
   */
  static async open(logFolder: string): Promise<TimestampFiles> {
    const folder = path.join(logFolder, TIMESTAMP_FOLDER);
    return new TimestampFiles(folder, await readList(path.join(folder, TIMESTAMP_LIST)));
  }

  async last(): Promise<readonly TimestampPlace[]> {
    return [...new Map(this.#listed.map((one) => [one.authority, one])).values()];
  }

  /** One after another. @throws QP8001–QP8008 */
  async add(one: Timestamped): Promise<void> {
    const files = timestampFilesOf(one);
    await writeTogether(
      new Map([
        [path.join(this.#folder, files.checkpoint), new TextEncoder().encode(one.checkpoint)],
        [path.join(this.#folder, files.timestamp), one.timestamp],
      ]),
    );
    const lines = [...this.#listed, one].map(listLine);
    await writeDurably(path.join(this.#folder, TIMESTAMP_LIST), lines.join(''));
    const { size, time, authority } = one;
    this.#listed.push({ size, time, authority });
  }

  /** All that are listed, in their order, each once. @throws QP6562 if a file is missing */
  async *all(): AsyncGenerator<Timestamped> {
    const byFile = new Map(this.#listed.map((one) => [timestampFilesOf(one).timestamp, one]));
    for (const place of byFile.values()) {
      const files = timestampFilesOf(place);
      const checkpoint = await this.#read(files.checkpoint);
      yield { ...place, checkpoint: checkpoint.toString(), timestamp: await this.#read(files.timestamp) };
    }
  }

  async #read(name: string): Promise<Buffer> {
    const file = path.join(this.#folder, name);
    return readFile(file).catch((cause: unknown) => {
      throw new QuietproofError('QP6562', { where: file, cause });
    });
  }
}

async function readList(file: string): Promise<TimestampPlace[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n').slice(0, -1).map(readLine);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new QuietproofError('QP6562', { where: file, cause });
  }
}

function readLine(line: string): TimestampPlace {
  const { size, time, authority } = JSON.parse(line) as TimestampPlace;
  const isWhole = Number.isSafeInteger(size) && Number.isSafeInteger(time) && typeof authority === 'string';
  if (!isWhole) throw new TypeError('not a line of the list');
  return { size, time, authority };
}
