import { utf8ToBytes } from '@noble/hashes/utils.js';
import { checkLogProof, readLogProof } from '../log/log-proof.ts';
import { readLogEntry } from './entry.ts';
import type { LogEntry } from './entry-types.ts';
import type { SignedEntry } from './evidence-types.ts';
import { type KnownLog, openPromise } from './promise.ts';

/** An entry that a log has signed for. */
export interface PlacedEntry {
  readonly index: number;
  readonly text: string;
  readonly entry: LogEntry;
}

/** @throws Refusal QP7740 to QP7743 for a promise, QP7701 to QP7708 for a log proof that is not the log's */
export function placedEntry(signed: SignedEntry, log: KnownLog): PlacedEntry {
  if (signed.kind === 'promised') {
    const { promised, entry } = openPromise(signed.promise, log);
    return { index: promised.index, text: promised.entry, entry };
  }
  const proof = readLogProof(signed.proof);
  const { index } = checkLogProof(proof, utf8ToBytes(signed.entry), { ...log, witnesses: [] });
  return { index, text: signed.entry, entry: readLogEntry(signed.entry) };
}
