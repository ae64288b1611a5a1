import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { HASH_BYTES, type ReadTile, readEntryBundle, type TilePlace, tilePath } from '@quietproof/verify/log';
import { QuietproofError } from '../../errors/quietproof-error.ts';

/** A log that somebody else writes. Nothing that it gives is checked. */
export interface LogReader {
  /** The text of its checkpoint now. @throws QP6540 */
  checkpoint(): Promise<string>;
  /** A tile of hashes, also of a smaller tree than the log has now. @throws QP6540 */
  readonly tile: ReadTile;
  /** The first `width` entries of a bundle. @throws QP6540; Refusal QP7709 */
  bundle(index: number, width: number): Promise<readonly Uint8Array[]>;
}

/** Reads a file below the log's prefix; undefined if there is none. */
export type ReadFile = (name: string, limit: number) => Promise<Uint8Array | undefined>;

const TIMEOUT_MS = 30_000;
const CHECKPOINT_LIMIT = 1 << 17;
const TILE_LIMIT = 256 * HASH_BYTES;
/** 256 entries of 65,535 bytes, each with its length. */
const BUNDLE_LIMIT = 256 * (2 + 0xffff);
const WIDEST = 256;

/** @param address folder of a log (C2SP tlog-tiles), or the URL of its prefix */
export function readLog(address: string): LogReader {
  const isUrl = /^https?:\/\//.test(address);
  return readLogThrough(
    isUrl
      ? (name, limit) => fetchLogFile(`${address.replace(/\/+$/, '')}/${name}`, limit)
      : (name) => fromFolder(path.join(address, name)),
    address,
  );
}

/** @param address for messages */
export function readLogThrough(read: ReadFile, address: string): LogReader {
  const require = async (name: string, limit: number) => {
    const found = await read(name, limit);
    if (found === undefined) throw unreadable(`It has no ${name}`, address);
    return found;
  };
  /** A tile that was not full may be gone once it is: wider ones begin with it. */
  const widest = async (place: TilePlace, limit: number): Promise<Uint8Array> => {
    const exact = await read(tilePath(place), limit);
    if (exact !== undefined) return exact;
    const full = await read(tilePath({ ...place, width: WIDEST }), limit);
    if (full !== undefined) return full;
    const wider = await wherever(place, (wide) => read(tilePath(wide), limit));
    if (wider !== undefined) return wider;
    throw unreadable(`It has no ${tilePath(place)}`, address);
  };
  return {
    checkpoint: async () => new TextDecoder().decode(await require('checkpoint', CHECKPOINT_LIMIT)),
    tile: async (place) => {
      const tile = await widest(place, TILE_LIMIT);
      const length = place.width * HASH_BYTES;
      if (tile.length < length) throw unreadable(`${tilePath(place)} is cut off`, address);
      return tile.subarray(0, length);
    },
    bundle: async (index, width) => {
      const bundle = await widest({ level: 'entries', index, width }, BUNDLE_LIMIT);
      return readEntryBundle(bundle, width);
    },
  };
}

/** The next wider tile that there is. */
async function wherever(
  place: TilePlace,
  read: (place: TilePlace) => Promise<Uint8Array | undefined>,
): Promise<Uint8Array | undefined> {
  for (let width = place.width + 1; width < WIDEST; width += 1) {
    const found = await read({ ...place, width });
    if (found !== undefined) return found;
  }
  return undefined;
}

async function fromFolder(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(`The file cannot be read: ${code}`, file, cause);
  }
}

/** @returns undefined if there is none; @throws QP6540 */
export async function fetchLogFile(url: string, limit: number): Promise<Uint8Array | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
    if (response.status === 404) return undefined;
    if (!response.ok) throw unreadable(`The log answers with status ${response.status}`, url);
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body ?? []) {
      parts.push(part);
      length += part.length;
      if (length > limit) throw unreadable('The log sends more than such a file has', url);
    }
    return Buffer.concat(parts);
  } catch (cause) {
    throw cause instanceof QuietproofError ? cause : unreadable('The log cannot be reached', url, cause);
  }
}

function unreadable(what: string, where: string, cause?: unknown): QuietproofError {
  return new QuietproofError('QP6540', { what, where, ...(cause !== undefined && { cause }) });
}
