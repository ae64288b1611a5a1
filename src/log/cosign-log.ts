import { readCheckpoint } from '@quietproof/verify/log';
import type { TileLog } from './tile-log.ts';
import type { WitnessClient, WitnessOutcome } from './witness-client.ts';

export interface CosignedCheckpoint {
  /** With the cosignatures, for proofs: `log.proofOf(index, checkpoint)`. */
  readonly checkpoint: string;
  /** Whether it is what the log serves as its checkpoint; false if the log has grown meanwhile. */
  readonly published: boolean;
  readonly outcomes: readonly WitnessOutcome[];
}

/**
 * Has the last checkpoint of a log cosigned, and publishes it with the cosignatures. The log may grow meanwhile. A
 * checkpoint that is cosigned again keeps each key's first line, which shows since when it exists, and gets the last,
 * which shows until when it is the largest.
 *
 * @throws QP8001–QP8008 if the checkpoint cannot be written; what witnesses do is in `outcomes`
 */
export async function cosignLog(log: TileLog, client: WitnessClient): Promise<CosignedCheckpoint> {
  const { checkpoint, size } = log;
  const outcomes = await client.cosign(checkpoint, (older) => log.consistencyPath(older, size));
  const lines = outcomes.map((one) => ('lines' in one ? one.lines : '')).join('');
  if (lines === '') return { checkpoint, published: false, outcomes };
  const signed = withCosignatures(checkpoint, lines);
  return { checkpoint: signed, published: await log.publishSigned(checkpoint, signed), outcomes };
}

/**
 * A checkpoint with more signatures. Of each key that signs again, its first line stays.
 *
 * @param added lines of signatures, the newest of their keys
 */
export function withCosignatures(checkpoint: string, added: string): string {
  const { text } = readCheckpoint(checkpoint).note;
  const renewed = new Set(linesOf(text, `${text}\n${added}`).map(({ key }) => key));
  const seen = new Set<string>();
  const kept = linesOf(text, checkpoint).filter(({ key }) => {
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst || !renewed.has(key);
  });
  return `${text}\n${kept.map(({ line }) => line).join('')}${added}`;
}

/** Signature lines of a note with this text, and whose they are. */
function linesOf(text: string, note: string): { key: string; line: string }[] {
  const lines = note.slice(text.length + 1).split(/(?<=\n)/);
  const { signatures } = readCheckpoint(note).note;
  return signatures.map(({ name, keyId }, i) => ({ key: `${name}+${keyId}`, line: lines[i] as string }));
}
