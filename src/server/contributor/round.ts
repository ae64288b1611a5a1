import type { RoundPart, RoundRequest, RoundStatus } from '../../ceremony/rounds/round-types.ts';
import type { RoundFolder, RoundOutcome, RoundRecord } from './round-folder.ts';

/** A round of a ceremony that a producer has announced. */
export interface Round {
  readonly record: RoundRecord;
  readonly files: RoundFolder;
  /** Files that have been received. */
  readonly has: Set<RoundPart>;
  readonly receiving: Set<RoundPart>;
  /** Settles once its folder is made, or cannot be. */
  created: Promise<void>;
  state: 'awaiting' | 'queued' | 'working' | 'ended' | 'gone';
  /** Once it has ended, also after its files are gone. */
  outcome?: RoundOutcome;
}

/** Rounds of two producers never meet, whatever ids they choose. */
export function roundName(keyId: string, id: string): string {
  return `${keyId.slice(0, 16)}-${id}`;
}

/** Whether it awaits nothing but its turn. */
export function isWhole({ state, record, has }: Round): boolean {
  return state === 'awaiting' && partsOf(record.request).every((part) => has.has(part));
}

/** What its producer is told. @param position in the queue, from 1, if it is queued */
export function statusOf({ state, outcome, record, has }: Round, position: number): RoundStatus {
  if (state === 'gone' || state === 'working') return { state };
  if (state === 'queued') return { state, position };
  if (outcome?.state === 'failed') return { state: 'failed', code: outcome.code, what: outcome.what };
  if (outcome?.state === 'done') {
    return { state: 'done', returned: { sha256: outcome.sha256, bytes: outcome.bytes } };
  }
  return { state: 'awaiting', awaits: partsOf(record.request).filter((part) => !has.has(part)) };
}

function partsOf({ r1cs }: RoundRequest): RoundPart[] {
  return r1cs === undefined ? ['file'] : ['file', 'r1cs'];
}
