import { decodeBase64 } from '../json/base64.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import { decodeText, parseJson } from '../json/parse-json.ts';
import { list, literal, type Reader, record, refuse, version } from '../json/read-json.ts';
import { kinds } from '../json/read-open.ts';
import { type Checkpoint, checkCheckpoint } from '../log/checkpoint.ts';
import { equal, HASH_BYTES, type Hash, rootsFromConsistency } from '../log/merkle.ts';
import { checkWitnesses, type LogTrust } from '../log/witnessed.ts';
import { Refusal } from '../refusal.ts';
import { base64Text } from '../trust/read-trust.ts';
import {
  type ClockEvidence,
  EVIDENCE_VERSION,
  type Evidence,
  type ForkEvidence,
  type OverdueEvidence,
  type ReplacedEvidence,
  type TruncationEvidence,
} from './evidence-types.ts';
import { openPromise, readPromiseEnvelope } from './promise.ts';
import { sealRefusal } from './seal-refusal.ts';
import { placedEntry } from './signed-entry.ts';

/** Seconds. A log asks witnesses about its latest tree; a request may be on its way while the tree grows. */
const MOST_DELAY = 3600;
const MAX_EVIDENCE = 1 << 19;
const MAX_PATH = 64;

/** Notes and proofs have line feeds, which `text` refuses. */
const anyText: Reader<string> = (json, at) =>
  typeof json === 'string' ? json : refuse(at, 'must be a text');

const signedEntry = kinds({
  promised: record({ kind: literal('promised'), promise: readPromiseEnvelope }, {}),
  logged: record({ kind: literal('logged'), entry: anyText, proof: anyText }, {}),
});

const versioned = { version: version(EVIDENCE_VERSION) };

const readEvidence: Reader<Evidence> = kinds({
  fork: record(
    {
      ...versioned,
      kind: literal('fork'),
      older: anyText,
      newer: anyText,
      path: list(base64Text, 0, MAX_PATH),
    },
    {},
  ),
  truncation: record({ ...versioned, kind: literal('truncation'), larger: anyText, smaller: anyText }, {}),
  overdue: record(
    { ...versioned, kind: literal('overdue'), promise: readPromiseEnvelope, checkpoint: anyText },
    {},
  ),
  replaced: record(
    { ...versioned, kind: literal('replaced'), promise: readPromiseEnvelope, instead: signedEntry },
    {},
  ),
  clock: record({ ...versioned, kind: literal('clock'), first: signedEntry, second: signedEntry }, {}),
});

/** The document, to be handed on. */
export function evidenceText(evidence: Evidence): string {
  return canonicalJson(evidence);
}

/** Reads a document: exactly its canonical JSON. Checks nothing. @throws Refusal QP7760; QP7010, QP7012 */
export function parseEvidence(source: string | Uint8Array): Evidence {
  try {
    const text = decodeText(source, MAX_EVIDENCE);
    const evidence = readEvidence(parseJson(text, MAX_EVIDENCE), '');
    if (canonicalJson(evidence) !== text) throw new Refusal('QP7009');
    return evidence;
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'QP7010' || error.code === 'QP7012') throw error;
    throw sealRefusal('QP7760', { where: error.what });
  }
}

/**
 * Checks that evidence shows what it says, with the log's keys alone; for `truncation` and `overdue`, which are about times,
 * the witnesses' too.
 *
 * @param now seconds since 1970: cosignatures of later times do not count
 * @throws Refusal QP7761 if it shows nothing; others if a part of it is not the log's
 */
export function checkEvidence(evidence: Evidence, log: LogTrust, now: number): void {
  if (!isShown(evidence, log, now)) throw sealRefusal('QP7761');
}

function isShown(evidence: Evidence, log: LogTrust, now: number): boolean {
  switch (evidence.kind) {
    case 'fork':
      return isFork(evidence, log);
    case 'truncation':
      return isTruncation(evidence, log, now);
    case 'overdue':
      return isOverdue(evidence, log, now);
    case 'replaced':
      return isReplaced(evidence, log);
    case 'clock':
      return isClockSetBack(evidence, log);
  }
}

/** The hashes determine the root of the newer tree's first entries: it is another one than the older tree's. */
function isFork({ older, newer, path }: ForkEvidence, log: LogTrust): boolean {
  const [before, after] = [checkpointOf(older, log), checkpointOf(newer, log)];
  if (before.size === after.size) return path.length === 0 && !equal(before.root, after.root);
  const roots = rootsFromConsistency(before.size, after.size, path.map(hashIn));
  return roots !== undefined && equal(roots.newer, after.root) && !equal(roots.older, before.root);
}

/** Whoever says that the smaller tree was the latest says it after others had seen the larger one. */
function isTruncation({ larger, smaller }: TruncationEvidence, log: LogTrust, now: number): boolean {
  const [large, small] = [checkpointOf(larger, log), checkpointOf(smaller, log)];
  const { existedBy } = checkWitnesses(large, log, now);
  const { largestAt } = checkWitnesses(small, log, now);
  return (
    large.size > small.size &&
    existedBy !== undefined &&
    largestAt !== undefined &&
    largestAt > existedBy + MOST_DELAY
  );
}

function isOverdue({ promise, checkpoint: text }: OverdueEvidence, log: LogTrust, now: number): boolean {
  const { promised } = openPromise(promise, log);
  const checkpoint = checkpointOf(text, log);
  const { largestAt } = checkWitnesses(checkpoint, log, now);
  return (
    checkpoint.size <= promised.index &&
    largestAt !== undefined &&
    largestAt > promised.includeBy + MOST_DELAY
  );
}

function isReplaced({ promise, instead }: ReplacedEvidence, log: LogTrust): boolean {
  const { promised } = openPromise(promise, log);
  const other = placedEntry(instead, log);
  return other.index === promised.index && other.text !== promised.entry;
}

function isClockSetBack({ first, second }: ClockEvidence, log: LogTrust): boolean {
  const [before, after] = [placedEntry(first, log), placedEntry(second, log)];
  return before.index < after.index && before.entry.time > after.entry.time;
}

function checkpointOf(text: string, { origin, keys }: LogTrust): Checkpoint {
  return checkCheckpoint(text, { origin, keys, witnesses: [] });
}

function hashIn(text: string): Hash {
  const hash = decodeBase64(text, { code: 'QP7760', name: 'A hash of the evidence' });
  return hash.length === HASH_BYTES ? hash : refuse('path', 'has a hash of another length');
}
