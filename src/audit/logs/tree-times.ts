import { type Hex, Refusal, type Time } from '@quietproof/verify';
import { checkWitnesses, type LogTrust, type Sighting } from '@quietproof/verify/log';
import { type Certificate, checkTimestamp } from '@quietproof/verify/timestamp';
import { timeText } from '../checks/standing.ts';
import type { FoundCheckpoint } from './read-log.ts';

/** By when a tree existed, by the word of others. Seconds since 1970. */
export interface TreeTime {
  readonly size: number;
  readonly existedBy: number;
}

export interface WitnessedTree {
  readonly sightings: readonly Sighting[];
  /** Enough of those whom the auditor trusts have seen it. */
  readonly isSeen: boolean;
  readonly time?: TreeTime;
}

/** @param now seconds since 1970 */
export function witnessesOf({ checkpoint }: FoundCheckpoint, trust: LogTrust, now: number): WitnessedTree {
  try {
    const { sightings, existedBy } = checkWitnesses(checkpoint, trust, now);
    const { size } = checkpoint;
    return { sightings, isSeen: true, ...(existedBy !== undefined && { time: { size, existedBy } }) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { sightings: [], isSeen: false };
  }
}

export interface HeldTimestamp extends TreeTime {
  readonly shown: { readonly existedBy: Time; readonly authority: Hex };
}

/** @throws Refusal QP7712 to QP7720 if it does not hold */
export function timestampOf(
  timestamp: Uint8Array,
  { checkpoint }: FoundCheckpoint,
  roots: readonly Certificate[],
): HeldTimestamp {
  const message = new TextEncoder().encode(checkpoint.note.text);
  const { existedBy, root } = checkTimestamp(timestamp, { message }, { roots });
  return {
    size: checkpoint.size,
    existedBy,
    shown: { existedBy: timeText(existedBy) ?? '', authority: root },
  };
}
