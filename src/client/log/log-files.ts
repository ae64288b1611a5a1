import {
  HASH_BYTES,
  type ReadTile,
  readEntryBundle,
  TILE_WIDTH,
  type TilePlace,
  tilePath,
  tileWidth,
} from '@quietproof/verify/log';
import { MAX_LOG_ENTRY } from '@quietproof/verify/seal';
import type { Upstream } from '../upstream.ts';

/** A file of the log is not there, or not what the log's format asks for. */
export class UnreadableLog extends Error {
  override readonly name = 'UnreadableLog';
}

const PREFIX = '/log/';
const MOST_CHECKPOINT = 1 << 16;
const MOST_TILE = TILE_WIDTH * HASH_BYTES;
const MOST_BUNDLE = TILE_WIDTH * (MAX_LOG_ENTRY + 2);
/** Full tiles that are remembered: 8 kB each. */
const MOST_KEPT = 256;

/** Files of a log behind an HTTP server (C2SP tlog-tiles). What it reads is checked by nobody here. */
export class LogFiles {
  readonly #upstream: Upstream;
  /** Full tiles never change in a log that keeps its word. */
  readonly #full = new Map<string, Uint8Array>();

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
  }

  /** @throws Unreached, UnreadableLog */
  async checkpoint(): Promise<string> {
    const { status, bytes } = await this.#upstream.ask(`${PREFIX}checkpoint`, { most: MOST_CHECKPOINT });
    if (status !== 200) throw new UnreadableLog(`There is no checkpoint: status ${status}`);
    return new TextDecoder().decode(bytes);
  }

  /** @throws Unreached, UnreadableLog */
  readonly tile: ReadTile = async (place) => {
    const bytes = await this.#file(place, MOST_TILE, place.width * HASH_BYTES);
    return bytes.subarray(0, place.width * HASH_BYTES);
  };

  /** Entries from `from` up to `to`, in parts of at most 256. @throws Unreached, UnreadableLog, Refusal QP7709 */
  async *entries(from: number, to: number): AsyncGenerator<readonly Uint8Array[]> {
    for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < to; index += 1) {
      const width = tileWidth(0, index, to);
      const bytes = await this.#file({ level: 'entries', index, width }, MOST_BUNDLE, 0);
      yield readEntryBundle(bytes, width).slice(Math.max(0, from - index * TILE_WIDTH));
    }
  }

  async #file(place: TilePlace, most: number, least: number): Promise<Uint8Array> {
    const path = tilePath(place);
    const kept = this.#full.get(path);
    if (kept !== undefined) return kept;
    let { status, bytes } = await this.#upstream.ask(`${PREFIX}${path}`, { most });
    if (status !== 200 && place.width < TILE_WIDTH) {
      // Logs may remove a partial tile once it is full.
      const full = tilePath({ ...place, width: TILE_WIDTH });
      ({ status, bytes } = await this.#upstream.ask(`${PREFIX}${full}`, { most }));
    }
    if (status !== 200 || bytes.length < least) throw new UnreadableLog(`${path} is not there, or too short`);
    if (place.width === TILE_WIDTH) this.#keep(path, bytes);
    return bytes;
  }

  #keep(path: string, bytes: Uint8Array): void {
    const [oldest] = this.#full.keys();
    if (this.#full.size >= MOST_KEPT && oldest !== undefined) this.#full.delete(oldest);
    this.#full.set(path, bytes);
  }

  /** What is remembered led nowhere. */
  forget(): void {
    this.#full.clear();
  }
}
