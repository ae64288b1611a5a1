import { Refusal } from '@quietproof/verify';
import type { LogTrust, ReadTile } from '@quietproof/verify/log';
import {
  checkEvidence,
  EVIDENCE_VERSION,
  type Evidence,
  evidenceText,
  forkEvidence,
} from '@quietproof/verify/seal';
import { Unreached } from '../upstream.ts';
import { UnreadableLog } from './log-files.ts';

/** The text of evidence, if it shows what it says to somebody who has the log's keys. */
export function shown(evidence: Evidence, log: LogTrust, now: number): string | undefined {
  try {
    checkEvidence(evidence, log, now);
    return evidenceText(evidence);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

export interface TwoCheckpoints {
  /** Of fewer entries, or of as many. */
  readonly older: string;
  readonly newer: string;
  /** Tiles of the newer one. */
  readonly tile: ReadTile;
}

/** Evidence that two checkpoints are of different histories; undefined if the tiles do not show it. @throws Unreached */
export async function shownFork(
  { older, newer, tile }: TwoCheckpoints,
  log: LogTrust,
  now: number,
): Promise<string | undefined> {
  try {
    return shown(await forkEvidence(older, newer, tile), log, now);
  } catch (error) {
    if (error instanceof Unreached) throw error;
    if (error instanceof Refusal || error instanceof UnreadableLog || error instanceof RangeError)
      return undefined;
    throw error;
  }
}

/** Where enough witnesses had seen the larger tree long before others saw the smaller one as the latest. */
export function shownTruncation(
  larger: string,
  smaller: string,
  log: LogTrust,
  now: number,
): string | undefined {
  return shown({ version: EVIDENCE_VERSION, kind: 'truncation', larger, smaller }, log, now);
}
