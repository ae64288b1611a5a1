import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, writeError } from '../../store/durable-file.ts';
import { ExchangeFile, type ExchangePlace, readFrame } from './exchange-file.ts';
import type { KeptExchange } from './kept-exchange.ts';

const PRIVATE_FOLDER = 0o700;
const MOST_BYTES = 8 << 20;
/** Milliseconds for which a file stays after all in it are checked: under load, not every exchange begins a file. */
const LINGER = 100;
const NAME = /^\d{8}\.exchanges$/;

/**
 * Exchanges on their way from the proxy to what checks them. Each is written before its answer is handed on, so that after
 * `kill -9` every answer that a client may have got is found again; its file is removed when all in it are checked.
 *
 * Writing does not wait for the disk: what a power failure takes is at most what the system had not written by then.
 */
export class Spool {
  readonly #folder: string;
  #number: number;
  #current: ExchangeFile | undefined;
  /** By file: ids of the exchanges that are not checked yet. */
  readonly #open = new Map<string, Set<string>>();
  #lingering: NodeJS.Timeout | undefined;

  private constructor(folder: string, number: number) {
    [this.#folder, this.#number] = [folder, number];
  }

  /**
   * @returns what earlier processes left unchecked, in order
   * @throws QP8001–QP8008
   */
  static async open(
    folder: string,
  ): Promise<{ readonly spool: Spool; readonly left: readonly ExchangePlace[] }> {
    await makeFolder(folder, PRIVATE_FOLDER);
    try {
      const names = readdirSync(folder)
        .filter((name) => NAME.test(name))
        .sort();
      const spool = new Spool(folder, Number.parseInt(names.at(-1) ?? '0', 10));
      return { spool, left: names.flatMap((name) => spool.#found(path.join(folder, name))) };
    } catch (error) {
      throw writeError(error, folder);
    }
  }

  /** What follows the last whole exchange was torn before its answer was handed on. */
  #found(file: string): ExchangePlace[] {
    const bytes = readFileSync(file);
    const places: ExchangePlace[] = [];
    for (let offset = 0; ; ) {
      const read = readFrame(bytes.subarray(offset));
      if (read === undefined) break;
      places.push({ id: read.exchange.id, file, offset, length: read.length });
      offset += read.length;
    }
    if (places.length === 0) rmSync(file, { force: true });
    else this.#open.set(file, new Set(places.map(({ id }) => id)));
    return places;
  }

  /** Exchanges that are not checked yet. */
  get waiting(): number {
    let sum = 0;
    for (const ids of this.#open.values()) sum += ids.size;
    return sum;
  }

  /** @throws QP8001–QP8008; the next one then begins another file */
  write(exchange: KeptExchange): ExchangePlace {
    try {
      this.#current ??= this.#begin();
      const place = this.#current.write(exchange);
      this.#open.get(place.file)!.add(place.id);
      if (this.#current.size >= MOST_BYTES) this.#end();
      return place;
    } catch (error) {
      this.#end();
      throw writeError(error, this.#folder);
    }
  }

  /** An exchange is checked, and what is to be kept of it is durable elsewhere. */
  checked({ id, file }: ExchangePlace): void {
    const ids = this.#open.get(file);
    ids?.delete(id);
    if (ids === undefined || ids.size > 0) return;
    if (this.#current?.file !== file) this.#remove(file);
    else this.#lingering ??= setTimeout(() => this.#endIfChecked(), LINGER).unref();
  }

  #endIfChecked(): void {
    this.#lingering = undefined;
    if (this.#current !== undefined && this.#open.get(this.#current.file)!.size === 0) this.#end();
  }

  #begin(): ExchangeFile {
    this.#number += 1;
    const file = path.join(this.#folder, `${String(this.#number).padStart(8, '0')}.exchanges`);
    const begun = new ExchangeFile(file);
    this.#open.set(file, new Set());
    return begun;
  }

  /** The next exchange begins another file. */
  #end(): void {
    const ended = this.#current;
    this.#current = undefined;
    if (ended === undefined) return;
    ended.close();
    if (this.#open.get(ended.file)!.size === 0) this.#remove(ended.file);
  }

  #remove(file: string): void {
    this.#open.delete(file);
    rmSync(file, { force: true });
  }

  close(): void {
    this.#end();
  }
}
