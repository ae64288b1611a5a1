import {
  type CheckedCheckpoint,
  checkCheckpoint,
  encodeBase64,
  equal,
  isConsistent,
  leafHash,
  TileTree,
} from '@quietproof/verify/log';
import type { CheckpointRecord } from '../store/watch-store.ts';
import { Frontier } from './frontier.ts';
import { type LogFiles, UnreadableLog } from './log-files.ts';

/** How the log went on since the last checkpoint. */
export type Growth =
  | {
      readonly kind: 'grown';
      readonly checkpoint: CheckedCheckpoint;
      readonly frontier: Frontier;
      readonly entries: readonly Uint8Array[] | undefined;
    }
  | { readonly kind: 'smaller' | 'other'; readonly checkpoint: CheckedCheckpoint };

/**
 * Compares a checkpoint with the last one that was followed. Entries are read and hashed, so that what is read of them is
 * what the checkpoint signs; of a log that grew by too many, it is only checked that it grew.
 *
 * @returns `other` if files and checkpoints do not fit: the log forked, or its files are not up to date
 * @throws Unreached, UnreadableLog; Refusal QP7709
 */
export async function follow(
  files: LogFiles,
  before: Frontier,
  checkpoint: CheckedCheckpoint,
  mostEntries: number,
): Promise<Growth> {
  const { size, root } = checkpoint;
  if (size < before.size) return { kind: 'smaller', checkpoint };
  if (size - before.size <= mostEntries) {
    const frontier = before.copy();
    const entries: Uint8Array[] = [];
    for await (const some of files.entries(before.size, size)) {
      for (const entry of some) frontier.append(leafHash(entry));
      entries.push(...some);
    }
    const fits = equal(frontier.root(), root);
    return fits ? { kind: 'grown', checkpoint, frontier, entries } : { kind: 'other', checkpoint };
  }
  const path = await new TileTree(size, files.tile).consistencyPath(before.size);
  const older = { size: before.size, root: before.root() };
  if (!isConsistent(older, checkpoint, path)) return { kind: 'other', checkpoint };
  const frontier = await Frontier.ofTree(checkpoint, files.tile);
  if (frontier === undefined) throw new UnreadableLog('The tiles of the log do not lead to its checkpoint');
  return { kind: 'grown', checkpoint, frontier, entries: undefined };
}

/** @throws Refusal as `checkCheckpoint` */
export function ownCheckpoint(
  text: string,
  log: Pick<Parameters<typeof checkCheckpoint>[1], 'origin' | 'keys'>,
): CheckedCheckpoint {
  return checkCheckpoint(text, { origin: log.origin, keys: log.keys, witnesses: [] });
}

export function encodePeaks({ peaks }: Frontier): string[] {
  return peaks.map(encodeBase64);
}

/** The frontier of a stored checkpoint. */
export function frontierOf(record: CheckpointRecord | undefined, size: number): Frontier {
  return record === undefined ? new Frontier() : new Frontier(size, record.peaks.map(bytesOf));
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
