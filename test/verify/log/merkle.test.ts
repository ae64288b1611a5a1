import { describe, expect, it } from 'vitest';
import {
  EMPTY_ROOT,
  type Hash,
  isConsistent,
  leafHash,
  leftSize,
  nodeHash,
  rootFromInclusion,
} from '../../../src/verify/log/merkle.ts';
import { TILE_WIDTH, TileTree, tilePath, tileWidth } from '../../../src/verify/log/tiles.ts';

/** Entries of the tree with which implementations of RFC 6962 are tested. */
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const LEAVES = ENTRIES.map((hex) => leafHash(Buffer.from(hex, 'hex')));
const ROOT = '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328';

/** The definition of the RFC, word for word. */
function root(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0]!;
  const left = leftSize(leaves.length);
  return nodeHash(root(leaves.slice(0, left)), root(leaves.slice(left)));
}

/** Tiles computed by that definition. */
function treeOf(leaves: readonly Hash[]): TileTree {
  return new TileTree(leaves.length, async ({ level, index, width }) => {
    const span = TILE_WIDTH ** Number(level);
    const hashes = Array.from({ length: width }, (_, i) => {
      const from = (index * TILE_WIDTH + i) * span;
      return root(leaves.slice(from, from + span));
    });
    return new Uint8Array(Buffer.concat(hashes));
  });
}

const many = Array.from({ length: 600 }, (_, i) => leafHash(Uint8Array.of(i >> 8, i & 0xff)));
const SIZES = [1, 2, 3, 5, 8, 255, 256, 257, 511, 512, 513, 600];

describe('a tree', () => {
  it('has the roots of RFC 6962', () => {
    expect(Buffer.from(root(LEAVES)).toString('hex')).toBe(ROOT);
    expect(Buffer.from(EMPTY_ROOT).toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it('has the same roots when computed from tiles', async () => {
    for (const size of SIZES)
      expect(await treeOf(many.slice(0, size)).root()).toEqual(root(many.slice(0, size)));
    expect(await treeOf([]).root()).toEqual(EMPTY_ROOT);
  });
});

describe('an inclusion proof', () => {
  it('leads from its entry to the root, in trees of all sizes', async () => {
    for (let size = 1; size <= 40; size += 1) {
      const tree = treeOf(many.slice(0, size));
      for (let index = 0; index < size; index += 1) {
        const path = await tree.inclusionPath(index);
        expect(rootFromInclusion(many[index]!, { index, size, path })).toEqual(await tree.root());
      }
    }
  });

  it('leads nowhere with another index, size, entry, hash or length', async () => {
    const size = 600;
    const tree = treeOf(many);
    const own = await tree.root();
    for (const index of [0, 1, 255, 256, 511, 512, 599]) {
      const path = await tree.inclusionPath(index);
      const leaf = many[index]!;
      const others = [
        rootFromInclusion(leaf, { index: index ^ 1, size, path }),
        rootFromInclusion(many[(index + 1) % size]!, { index, size, path }),
        rootFromInclusion(leaf, { index, size, path: path.slice(1) }),
        rootFromInclusion(leaf, { index, size, path: path.slice(0, -1) }),
        rootFromInclusion(leaf, { index, size, path: [...path, own] }),
        rootFromInclusion(leaf, { index, size, path: path.with(0, own) }),
        rootFromInclusion(leaf, { index: size, size, path }),
      ];
      for (const other of others) expect(other).not.toEqual(own);
    }
  });
});

describe('a consistency proof', () => {
  it('shows the beginning of a tree, and no other one', async () => {
    for (const newer of SIZES) {
      const tree = treeOf(many.slice(0, newer));
      const head = { size: newer, root: await tree.root() };
      for (const older of [0, ...SIZES].filter((size) => size <= newer)) {
        const path = await tree.consistencyPath(older);
        const start = { size: older, root: root(many.slice(0, older)) };
        expect(isConsistent(start, head, path)).toBe(true);
        expect(isConsistent({ ...start, root: many[0]! }, head, path)).toBe(older === 1);
        expect(isConsistent(start, { ...head, root: many[599]! }, path) && older !== 0).toBe(false);
        expect(isConsistent(start, head, [...path, EMPTY_ROOT])).toBe(false);
        if (path.length > 0) expect(isConsistent(start, head, path.slice(1))).toBe(false);
      }
    }
  });

  it('never shows that a tree has shrunk', () => {
    const [small, large] = [LEAVES.slice(0, 3), LEAVES].map((leaves) => ({
      size: leaves.length,
      root: root(leaves),
    }));
    expect(isConsistent(large!, small!, [])).toBe(false);
  });
});

describe('tilePath', () => {
  it('writes indices in groups of three digits', () => {
    expect(tilePath({ level: 0, index: 1234067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 2, index: 0, width: 17 })).toBe('tile/2/000.p/17');
    expect(tilePath({ level: 'entries', index: 1000, width: 1 })).toBe('tile/entries/x001/000.p/1');
  });

  it('knows the widths that the specification gives for 70,000 entries', () => {
    expect([0, 272, 273, 274].map((index) => tileWidth(0, index, 70_000))).toEqual([256, 256, 112, 0]);
    expect([0, 1, 2].map((index) => tileWidth(1, index, 70_000))).toEqual([256, 17, 0]);
    expect(tileWidth(2, 0, 70_000)).toBe(1);
  });
});
