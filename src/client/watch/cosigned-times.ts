import { Refusal } from '@quietproof/verify';
import { checkWitnesses, readCheckpoint, type Witnessed } from '@quietproof/verify/log';
import type { LogEntry } from '@quietproof/verify/seal';
import type { WatchedLog } from './parts.ts';
import type { WatchPolicy } from './watch-types.ts';

/** When entries came into a log, as far as witnesses show it, in seconds since 1970. */
export interface CosignedTimes {
  /** Enough witnesses had seen no larger tree than the one without these entries. */
  readonly after: number | undefined;
  /** Enough witnesses had seen them. */
  readonly by: number | undefined;
}

/**
 * @param before text of the checkpoint that these entries follow
 * @param covering text of the checkpoint that covers them
 */
export function cosignedTimes(
  before: string | undefined,
  covering: string,
  log: WatchedLog,
  now: number,
): CosignedTimes {
  return {
    after: before === undefined ? undefined : witnessed(before, log, now)?.largestAt,
    by: witnessed(covering, log, now)?.existedBy,
  };
}

/**
 * What an entry's own time contradicts. An answer may be sealed before it is in the log, by the delay that is accepted for
 * that; nothing is sealed after somebody has seen it.
 *
 * @returns a sentence; undefined if the times fit, or nobody whom the user trusts has stated one
 */
export function contradiction(
  { time }: LogEntry,
  { after, by }: CosignedTimes,
  { includeWithin, tolerance }: WatchPolicy,
): string | undefined {
  if (after !== undefined && time < after - includeWithin - tolerance) {
    return `is dated ${time}, and at ${after} witnesses had seen the log without it.`;
  }
  if (by !== undefined && time > by + tolerance)
    return `is dated ${time}, and witnesses had seen it at ${by}.`;
  return undefined;
}

/** Whether as many witnesses as the user asks for have signed it; false if that is none. */
export function isWitnessed(checkpoint: string, log: WatchedLog, now: number): boolean {
  return log.witnesses.least > 0 && witnessed(checkpoint, log, now) !== undefined;
}

function witnessed(checkpoint: string, log: WatchedLog, now: number): Witnessed | undefined {
  try {
    return checkWitnesses(readCheckpoint(checkpoint), log, now);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'QP7710') return undefined;
    throw error;
  }
}
