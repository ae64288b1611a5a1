import { type Checkpoint, equal, logProofText, TILE_WIDTH, TileTree } from '@quietproof/verify/log';
import type { SignedEntry } from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { RightEdge } from '../right-edge.ts';
import type { LogReader } from './log-reader.ts';

/**
 * Gives the entries of a tree, in order, of which it holds one bundle at a time. Only when it resolves they are known to be
 * those of the tree: nothing that `visit` finds counts before.
 *
 * @throws QP6540; QP6541 if they do not lead to the root; Refusal QP7709
 */
export async function eachEntry(
  reader: LogReader,
  { size, root, origin }: Checkpoint,
  visit: (index: number, entry: Uint8Array) => void | Promise<void>,
): Promise<void> {
  const edge = new RightEdge();
  for (let first = 0; first < size; first += TILE_WIDTH) {
    const bundle = await reader.bundle(first / TILE_WIDTH, Math.min(TILE_WIDTH, size - first));
    edge.append(bundle);
    for (const [i, entry] of bundle.entries()) await visit(first + i, entry);
  }
  if (!equal(await edge.root(), root)) throw new QuietproofError('QP6541', { where: origin });
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
