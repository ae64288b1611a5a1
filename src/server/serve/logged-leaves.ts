import { TILE_WIDTH } from '@quietproof/verify/log';
import { readLogEntry } from '@quietproof/verify/seal';
import { readLog } from '../../log/examine/log-reader.ts';
import type { LoggedLeaf } from './store/embedded-store.ts';

/** The leaves of the answers in a log of the provider's own, in order. @throws QP6540; Refusal QP7709 */
export async function* loggedLeaves(
  folder: string,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<LoggedLeaf> {
  const reader = readLog(folder);
  for (let at = Math.floor(from / TILE_WIDTH); at * TILE_WIDTH < to; at += 1) {
    const first = at * TILE_WIDTH;
    const entries = await reader.bundle(at, Math.min(TILE_WIDTH, to - first));
    for (const [i, bytes] of entries.entries()) {
      const entry = first + i >= from ? readLogEntry(bytes) : undefined;
      if (entry?.kind === 'answer') yield { index: first + i, leaf: entry.leaf };
    }
  }
}
