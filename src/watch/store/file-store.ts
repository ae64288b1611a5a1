import path from 'node:path';
import type { WatchRecord, WatchStore } from '@quietproof/client';
import { removeTemporaries } from '../../store/durable-file.ts';
import { LineFile } from './line-file.ts';

/** What a watch knows, in one file of a folder that exists. */
export class FileStore implements WatchStore {
  readonly #lines: LineFile;
  /** As they were found; forgotten once they were read. */
  #found: readonly unknown[];

  private constructor(lines: LineFile, found: readonly unknown[]) {
    [this.#lines, this.#found] = [lines, found];
  }

  /** @throws QP6452 the file is damaged; QP8001–QP8008 */
  static async open(folder: string): Promise<FileStore> {
    await removeTemporaries(folder);
    const { lines, values } = await LineFile.open(path.join(folder, 'records.jsonl'));
    return new FileStore(lines, values);
  }

  append(records: readonly WatchRecord[]): Promise<void> {
    return this.#lines.add(records);
  }

  /** Only once: the watch that opens the store reads it. */
  read(): Iterable<WatchRecord> {
    const found = this.#found as readonly WatchRecord[];
    this.#found = [];
    return found;
  }

  rewrite(records: readonly WatchRecord[]): Promise<void> {
    return this.#lines.replace(records);
  }

  close(): Promise<void> {
    return this.#lines.close();
  }
}
