import { encodeBase64 } from '../json/base64.ts';
import { readCheckpoint } from '../log/checkpoint.ts';
import { HASH_BYTES, isPowerOfTwo } from '../log/merkle.ts';
import { type ReadTile, TileTree, tileWidth } from '../log/tiles.ts';
import { EVIDENCE_VERSION, type ForkEvidence } from './evidence-types.ts';

/**
 * Makes evidence of two checkpoints of a log that do not fit. Whether it shows a fork, `checkEvidence` says: of a log that
 * only grew, it does not.
 *
 * @param older text of the checkpoint of fewer entries, or of as many
 * @param newer text of the other one
 * @param read tiles of the newer tree
 */
export async function forkEvidence(older: string, newer: string, read: ReadTile): Promise<ForkEvidence> {
  const [before, after] = [readCheckpoint(older).size, readCheckpoint(newer).size];
  const path = before === after ? [] : await fullPath(before, after, read);
  return { version: EVIDENCE_VERSION, kind: 'fork', older, newer, path: path.map(encodeBase64) };
}

/** A consistency proof that begins with the hash it may leave out. */
async function fullPath(before: number, after: number, read: ReadTile): Promise<readonly Uint8Array[]> {
  const proof = await new TileTree(after, read).consistencyPath(before);
  if (!isPowerOfTwo(before)) return proof;
  // The tiles of the newer tree begin with those that a tree of its first entries has.
  const first = new TileTree(before, async (place) => {
    const width = typeof place.level === 'number' ? tileWidth(place.level, place.index, after) : place.width;
    return (await read({ ...place, width })).subarray(0, place.width * HASH_BYTES);
  });
  return [await first.root(), ...proof];
}
