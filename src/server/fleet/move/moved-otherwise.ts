import { readCheckpoint } from '@quietproof/verify/log';
import { QuietproofError } from '../../../errors/quietproof-error.ts';
import type { RightEdge } from '../../../log/right-edge.ts';

/** QP6579: what a database has is not what was moved into it. */
export function different(what: string): QuietproofError {
  return new QuietproofError('QP6579', { what });
}

/** @throws QP6579 */
export async function requireRoot(edge: RightEdge, checkpoint: string): Promise<void> {
  const { size, root } = readCheckpoint(checkpoint);
  if (edge.size !== size || !Buffer.from(root).equals(await edge.root())) {
    throw different('The entries do not lead to the checkpoint');
  }
}
