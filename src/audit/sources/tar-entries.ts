import type { ByteCursor } from './byte-cursor.ts';
import { BLOCK, readPax, readTarHeader } from './tar-header.ts';

/** A file, link or other entry of a tar archive. The cursor stands where its content begins. */
export interface TarEntry {
  readonly path: string;
  readonly size: number;
  readonly type: string;
  /** Where its content begins. */
  readonly start: number;
}

/** Longer names and extended headers are none that any tool writes. */
const MOST_EXTENDED = 1 << 20;
const OVERRIDES = new Set(['L', 'K', 'x', 'g']);

/**
 * The entries of an archive, in its order. What a reader leaves of an entry's content is skipped.
 *
 * @throws Error if a header is damaged, or if it ends within an entry
 */
export async function* tarEntries(cursor: ByteCursor): AsyncGenerator<TarEntry> {
  let own = new Map<string, string>();
  for (;;) {
    const block = await cursor.take(BLOCK);
    // An archive without its two blocks of zeros was cut off between two files.
    if (block.length < BLOCK) throw new Error('it ends before its end');
    const header = readTarHeader(block);
    if (header === undefined) break;
    const start = cursor.at;
    const { type } = header;
    if (OVERRIDES.has(type)) {
      own = new Map([...own, ...(await extended(cursor, header.size, type))]);
    } else {
      const size = sizeOf(own.get('size'), header.size);
      const isSparse = [...own.keys()].some((key) => key.startsWith('GNU.sparse'));
      yield { path: own.get('path') ?? header.path, size, type: isSparse ? 'S' : type, start };
      own = new Map();
      if (!(await cursor.skip(start + padded(size) - cursor.at))) throw new Error('it ends within a file');
    }
    const at = start + padded(OVERRIDES.has(type) ? header.size : 0);
    if (OVERRIDES.has(type) && !(await cursor.skip(at - cursor.at)))
      throw new Error('it ends within a header');
  }
  // Whatever follows: for gzip, its checksum is behind it.
  while ((await cursor.take(1 << 16)).length > 0);
}

async function extended(
  cursor: ByteCursor,
  size: number,
  type: string,
): Promise<ReadonlyMap<string, string>> {
  if (size > MOST_EXTENDED) throw new Error('a header is longer than any tool writes');
  const content = await cursor.take(size);
  if (content.length < size) throw new Error('it ends within a header');
  if (type === 'x') return readPax(content);
  // Of what holds for all entries after it, nothing is of use here; K is the target of a link.
  return type === 'L' ? new Map([['path', content.toString('utf8').replace(/\0+$/, '')]]) : new Map();
}

function sizeOf(stated: string | undefined, size: number): number {
  if (stated === undefined) return size;
  if (!/^\d{1,15}$/.test(stated)) throw new Error('an extended header is damaged');
  return Number(stated);
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}
