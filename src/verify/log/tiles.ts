import {
  EMPTY_ROOT,
  HASH_BYTES,
  type Hash,
  isPowerOfTwo,
  leftSize,
  nodeHash,
  rootOfComplete,
} from './merkle.ts';

/** Hashes of a full tile, and entries of a full bundle (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;

/** Where hashes or entries of a log are: the `index`-th tile of a level, or bundle of entries. */
export interface TilePlace {
  /** 0 for hashes of entries; at level l, each is of 256^l entries. */
  readonly level: number | 'entries';
  readonly index: number;
  /** Number of hashes or entries, 1 to 256; below 256 at the right edge of the tree. */
  readonly width: number;
}

/** The path of a tile below the prefix of its log: `tile/0/x001/234` or, if it is not full, `tile/0/x001/234.p/17`. */
export function tilePath({ level, index, width }: TilePlace): string {
  const groups: string[] = [];
  for (let rest = index; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`${groups.length === 0 ? '' : 'x'}${String(rest % 1000).padStart(3, '0')}`);
  }
  return `tile/${level}/${groups.join('/')}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** Width of a tile in a tree of `size` entries: 0 if the tree does not reach it. */
export function tileWidth(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.min(Math.max(hashes - index * TILE_WIDTH, 0), TILE_WIDTH);
}

/** Reads the bytes of a tile of hashes: 32 per hash. */
export type ReadTile = (place: TilePlace) => Promise<Uint8Array>;

/** Computes hashes and proofs of a tree from its tiles. Nothing that it returns is checked against a checkpoint. */
export class TileTree {
  readonly size: number;
  readonly #read: ReadTile;
  readonly #tiles = new Map<string, Promise<Uint8Array>>();

  /** @param read is called once per tile */
  constructor(size: number, read: ReadTile) {
    this.size = size;
    this.#read = read;
  }

  async root(): Promise<Hash> {
    return this.size === 0 ? EMPTY_ROOT : this.#range(0, this.size);
  }

  /** Hashes from the sibling of the entry up to the child of the root (RFC 6962, section 2.1.1). */
  async inclusionPath(index: number): Promise<Hash[]> {
    const path: Promise<Hash>[] = [];
    let [from, to] = [0, this.size];
    while (to - from > 1) {
      const middle = from + leftSize(to - from);
      if (index < middle) {
        path.unshift(this.#range(middle, to));
        to = middle;
      } else {
        path.unshift(this.#range(from, middle));
        from = middle;
      }
    }
    return Promise.all(path);
  }

  /** Shows that the tree of the first `older` entries is the beginning of this one (RFC 6962, section 2.1.2). */
  async consistencyPath(older: number): Promise<Hash[]> {
    if (older === 0 || older === this.size) return [];
    const path: Promise<Hash>[] = [];
    let [from, to] = [0, this.size];
    let isOlderRoot = true;
    while (to !== older) {
      const middle = from + leftSize(to - from);
      if (older <= middle) {
        path.unshift(this.#range(middle, to));
        to = middle;
      } else {
        path.unshift(this.#range(from, middle));
        from = middle;
        isOlderRoot = false;
      }
    }
    if (!isOlderRoot) path.unshift(this.#range(from, to));
    return Promise.all(path);
  }

  /** The hash of the entries `from` … `to` − 1, a subtree of the tree. */
  async #range(from: number, to: number): Promise<Hash> {
    const count = to - from;
    if (isPowerOfTwo(count)) return this.#complete(Math.log2(count), from / count);
    const middle = from + leftSize(count);
    const [left, right] = await Promise.all([this.#range(from, middle), this.#range(middle, to)]);
    return nodeHash(left, right);
  }

  /** The hash of the `index`-th subtree of 2^height entries. */
  async #complete(height: number, index: number): Promise<Hash> {
    const level = Math.floor(height / TILE_HEIGHT);
    const span = 2 ** (height % TILE_HEIGHT);
    const first = index * span;
    const tile = await this.#tile(level, Math.floor(first / TILE_WIDTH));
    const at = (first % TILE_WIDTH) * HASH_BYTES;
    return rootOfComplete(tile.subarray(at, at + span * HASH_BYTES));
  }

  #tile(level: number, index: number): Promise<Uint8Array> {
    const place = { level, index, width: tileWidth(level, index, this.size) };
    const path = tilePath(place);
    const known = this.#tiles.get(path) ?? this.#read(place);
    this.#tiles.set(path, known);
    return known;
  }
}
