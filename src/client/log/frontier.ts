import {
  EMPTY_ROOT,
  equal,
  HASH_BYTES,
  type Hash,
  nodeHash,
  type ReadTile,
  rootOfComplete,
  TILE_WIDTH,
  type TreeHead,
  tileWidth,
} from '@quietproof/verify/log';

const TILE_HEIGHT = 8;

/** The hashes of a tree's complete subtrees, from the left: all that is needed to append, and to know the root. */
export class Frontier {
  #size: number;
  readonly #peaks: Hash[];

  constructor(size = 0, peaks: readonly Hash[] = []) {
    this.#size = size;
    this.#peaks = [...peaks];
  }

  /**
   * The frontier of a tree, from its tiles.
   *
   * @returns undefined if they do not lead to its root
   */
  static async ofTree({ size, root }: TreeHead, read: ReadTile): Promise<Frontier | undefined> {
    const peaks: Hash[] = [];
    let from = 0;
    for (let height = 52; height >= 0; height -= 1) {
      const count = 2 ** height;
      if (Math.floor(size / count) % 2 === 0) continue;
      peaks.push(await completeSubtree(read, size, height, from / count));
      from += count;
    }
    const frontier = new Frontier(size, peaks);
    return equal(frontier.root(), root) ? frontier : undefined;
  }

  get size(): number {
    return this.#size;
  }

  get peaks(): readonly Hash[] {
    return this.#peaks;
  }

  copy(): Frontier {
    return new Frontier(this.#size, this.#peaks);
  }

  append(leaf: Hash): void {
    let hash = leaf;
    // As many subtrees end here as the number of entries before ends in ones.
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      hash = nodeHash(this.#peaks.pop()!, hash);
    }
    this.#peaks.push(hash);
    this.#size += 1;
  }

  root(): Hash {
    const [last, ...before] = this.#peaks.toReversed();
    return last === undefined ? EMPTY_ROOT : before.reduce((right, left) => nodeHash(left, right), last);
  }
}

async function completeSubtree(read: ReadTile, size: number, height: number, index: number): Promise<Hash> {
  const level = Math.floor(height / TILE_HEIGHT);
  const span = 2 ** (height % TILE_HEIGHT);
  const first = index * span;
  const tile = Math.floor(first / TILE_WIDTH);
  const bytes = await read({ level, index: tile, width: tileWidth(level, tile, size) });
  const at = (first % TILE_WIDTH) * HASH_BYTES;
  return rootOfComplete(bytes.subarray(at, at + span * HASH_BYTES));
}
