import {
  HASH_BYTES,
  type Hash,
  leafHash,
  rootOfComplete,
  TILE_WIDTH,
  TileTree,
} from '@quietproof/verify/log';

/** The hashes of a log's entries, from which the root of every tree that it ever had follows. 32 bytes per entry. */
export class LogHistory {
  #size = 0;
  /** By level, with room at their ends: hashes of 256^level entries. */
  readonly #levels: Buffer[] = [];
  readonly #filled: number[] = [];

  get size(): number {
    return this.#size;
  }

  append(entry: Uint8Array): void {
    this.#push(0, leafHash(entry));
    this.#size += 1;
  }

  /** @param size at most the own one */
  rootAt(size: number): Promise<Hash> {
    return new TileTree(size, async ({ level, index, width }) => {
      const first = index * TILE_WIDTH * HASH_BYTES;
      return this.#levels[Number(level)]!.subarray(first, first + width * HASH_BYTES);
    }).root();
  }

  #push(level: number, hash: Hash): void {
    const at = this.#filled[level] ?? 0;
    const known = this.#levels[level] ?? Buffer.alloc(TILE_WIDTH * HASH_BYTES);
    const hashes = at < known.length ? known : Buffer.concat([known, Buffer.alloc(known.length)]);
    hashes.set(hash, at);
    this.#levels[level] = hashes;
    const end = at + HASH_BYTES;
    this.#filled[level] = end;
    const tile = TILE_WIDTH * HASH_BYTES;
    if (end % tile === 0) this.#push(level + 1, rootOfComplete(hashes.subarray(end - tile, end)));
  }
}
