import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';

/** A SHA-256 hash of a node of a Merkle tree. */
export type Hash = Uint8Array;

export const HASH_BYTES = 32;

/** Different prefixes, so that no entry can be taken for a node (RFC 6962, section 2.1). */
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash of a tree without entries. */
export const EMPTY_ROOT: Hash = sha256(new Uint8Array());

export function leafHash(entry: Uint8Array): Hash {
  return sha256(concatBytes(LEAF, entry));
}

export function nodeHash(left: Hash, right: Hash): Hash {
  return sha256(concatBytes(NODE, left, right));
}

/** The hash of a complete subtree, from the hashes of 2^k subtrees of one size, one after another. */
export function rootOfComplete(bytes: Uint8Array): Hash {
  let hashes = Array.from({ length: bytes.length / HASH_BYTES }, (_, i) =>
    bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
  while (hashes.length > 1) {
    hashes = Array.from({ length: hashes.length / 2 }, (_, i) =>
      nodeHash(hashes[2 * i] as Hash, hashes[2 * i + 1] as Hash),
    );
  }
  return hashes[0] as Hash;
}

/**
 * The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2).
 *
 * @param index of the entry, below `size`
 * @param path hashes from the leaf's sibling up to the child of the root
 * @returns undefined if the path has another length than a proof in a tree of this size
 */
export function rootFromInclusion(
  leaf: Hash,
  { index, size, path }: { readonly index: number; readonly size: number; readonly path: readonly Hash[] },
): Hash | undefined {
  if (!(index < size)) return undefined;
  let [own, last] = [index, size - 1];
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (own % 2 === 1 || own === last) {
      hash = nodeHash(sibling, hash);
      // Without a right sibling, this node has the hash of its parent.
      while (own % 2 === 0 && own !== 0) [own, last] = [half(own), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [own, last] = [half(own), half(last)];
  }
  return last === 0 ? hash : undefined;
}

/** A tree as a checkpoint states it. */
export interface TreeHead {
  /** Number of entries. */
  readonly size: number;
  readonly root: Hash;
}

/**
 * Whether a consistency proof shows that `older` is the beginning of `newer` (RFC 9162, section 2.1.4.2). An empty tree
 * is the beginning of every tree, and its proof has no hashes.
 */
export function isConsistent(older: TreeHead, newer: TreeHead, path: readonly Hash[]): boolean {
  if (older.size > newer.size) return false;
  if (older.size === newer.size) return path.length === 0 && equal(older.root, newer.root);
  if (older.size === 0) return path.length === 0 && equal(older.root, EMPTY_ROOT);
  // A complete older tree is itself the first node of the proof, which leaves it out.
  const full = isPowerOfTwo(older.size) ? [older.root, ...path] : path;
  const roots = rootsFromConsistency(older.size, newer.size, full);
  return roots !== undefined && equal(roots.older, older.root) && equal(roots.newer, newer.root);
}

/**
 * The roots that a consistency proof leads to (RFC 9162, section 2.1.4.2). The newer one fixes all hashes of the proof, and so
 * the root of the tree's first `older` entries.
 *
 * @param older number of entries of the older tree, 1 to `newer` − 1
 * @param path with the hash that a proof leaves out where `older` is a power of two
 * @returns undefined if the path has another length than a proof between trees of these sizes
 */
export function rootsFromConsistency(
  older: number,
  newer: number,
  path: readonly Hash[],
): { readonly older: Hash; readonly newer: Hash } | undefined {
  const [start, ...rest] = path;
  if (start === undefined || !(older > 0 && older < newer)) return undefined;
  let [own, last] = [older - 1, newer - 1];
  while (own % 2 === 1) [own, last] = [half(own), half(last)];
  let [olderHash, newerHash] = [start, start];
  for (const sibling of rest) {
    if (last === 0) return undefined;
    if (own % 2 === 1 || own === last) {
      [olderHash, newerHash] = [nodeHash(sibling, olderHash), nodeHash(sibling, newerHash)];
      while (own % 2 === 0 && own !== 0) [own, last] = [half(own), half(last)];
    } else {
      newerHash = nodeHash(newerHash, sibling);
    }
    [own, last] = [half(own), half(last)];
  }
  return last === 0 ? { older: olderHash, newer: newerHash } : undefined;
}

/** The largest power of two below `size`, which is at least 2: the number of entries left of the root. */
export function leftSize(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

export function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value)) && 2 ** Math.log2(value) === value;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Numbers of entries may be above 2^32, where `>>` does not apply. */
function half(value: number): number {
  return Math.floor(value / 2);
}
