import {
  bundledEntry,
  HASH_BYTES,
  type Hash,
  leafHash,
  rootOfComplete,
  TILE_WIDTH,
  type TilePlace,
  TileTree,
  tilePath,
} from '@quietproof/verify/log';

/**
 * The tiles at the right edge of a log that are not full, and the last bundle of entries: all that is needed to append.
 */
export class RightEdge {
  #size: number;
  /** By level: the hashes of the tile that is not full yet. */
  readonly #levels: Uint8Array[];
  #entries: Uint8Array;

  /** @param levels from level 0 up; of a level without hashes an empty array */
  constructor(size = 0, levels: readonly Uint8Array[] = [], entries: Uint8Array = new Uint8Array()) {
    this.#size = size;
    this.#levels = [...levels];
    this.#entries = entries;
  }

  get size(): number {
    return this.#size;
  }

  /** @returns a copy that appending leaves as it is */
  copy(): RightEdge {
    return new RightEdge(this.#size, this.#levels, this.#entries);
  }

  /**
   * Appends entries, each of at most `MAX_ENTRY` bytes.
   *
   * @returns the tiles and bundles that the larger tree has and this one had not, by path below the log's folder
   */
  append(entries: readonly Uint8Array[]): Map<string, Uint8Array> {
    const files = new Map<string, Uint8Array>();
    const put: Put = (place, content) => files.set(tilePath(place), content);
    const before = this.#size;
    let bundle = [this.#entries];
    for (const entry of entries) {
      bundle.push(bundledEntry(entry));
      const index = Math.floor(this.#size / TILE_WIDTH);
      this.#size += 1;
      this.#push(0, leafHash(entry), put);
      if (this.#size % TILE_WIDTH !== 0) continue;
      put({ level: 'entries', index, width: TILE_WIDTH }, Buffer.concat(bundle));
      bundle = [];
    }
    this.#entries = Buffer.concat(bundle);
    this.#putPartial(before, put);
    return files;
  }

  /** The root of the tree, which the right edge alone gives. */
  root(): Promise<Hash> {
    return new TileTree(this.#size, async ({ level }) => this.#levels[Number(level)]!).root();
  }

  #push(level: number, hash: Hash, put: Put): void {
    const tile = Buffer.concat([this.#levels[level] ?? new Uint8Array(), hash]);
    if (tile.length < TILE_WIDTH * HASH_BYTES) {
      this.#levels[level] = tile;
      return;
    }
    const index = Math.floor((this.#size - 1) / TILE_WIDTH ** (level + 1));
    put({ level, index, width: TILE_WIDTH }, tile);
    this.#levels[level] = new Uint8Array();
    this.#push(level + 1, rootOfComplete(tile), put);
  }

  /** What is not full, as far as it has grown. */
  #putPartial(before: number, put: Put): void {
    for (const [level, tile] of this.#levels.entries()) {
      const span = TILE_WIDTH ** level;
      if (Math.floor(before / span) === Math.floor(this.#size / span)) break;
      const index = Math.floor(this.#size / span / TILE_WIDTH);
      if (tile.length > 0) put({ level, index, width: tile.length / HASH_BYTES }, tile);
    }
    const [index, width] = [Math.floor(this.#size / TILE_WIDTH), this.#size % TILE_WIDTH];
    if (width > 0 && this.#size > before) put({ level: 'entries', index, width }, this.#entries);
  }
}

type Put = (place: TilePlace, content: Uint8Array) => void;
