import { type Checkpoint, equal, logProofText, TILE_WIDTH, TileTree } from '@quietproof/verify/log';
import type { SignedEntry } from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { RightEdge } from '../right-edge.ts';
import type { LogReader } from './log-reader.ts';

/**
 * All entries of a tree, which lead to its root.
 *
 * @throws QP6540; QP6541 if they do not; Refusal QP7709
 */
export async function readEntries(
  reader: LogReader,
  { size, root, origin }: Checkpoint,
): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = [];
  const edge = new RightEdge();
  for (let index = 0; entries.length < size; index += 1) {
    const bundle = await reader.bundle(index, Math.min(TILE_WIDTH, size - entries.length));
    edge.append(bundle);
    entries.push(...bundle);
  }
  const found = await edge.root();
  if (equal(found, root)) return entries;
  throw new QuietproofError('QP6541', { where: origin });
}

/** An entry with the proof that it is in the tree of a checkpoint: what the log has signed for. */
export async function loggedEntry(
  reader: LogReader,
  checkpoint: Checkpoint & { readonly text: string },
  index: number,
): Promise<SignedEntry> {
  const { size, text } = checkpoint;
  const at = Math.floor(index / TILE_WIDTH);
  const bundle = await reader.bundle(at, Math.min(TILE_WIDTH, size - at * TILE_WIDTH));
  const path = await new TileTree(size, reader.tile).inclusionPath(index);
  return {
    kind: 'logged',
    entry: new TextDecoder().decode(bundle[index - at * TILE_WIDTH]!),
    proof: logProofText({ index, path, checkpoint: text }),
  };
}
