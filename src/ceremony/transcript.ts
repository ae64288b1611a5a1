import {
  type CeremonySetup,
  type Contribution,
  canonicalBytes,
  checkableBeacons,
  type Phase1,
  setupContribution,
  sidecarDigest,
  TRANSCRIPT_VERSION,
  type Transcript,
} from '@quietproof/verify';
import type { Zkey } from '../formats/zkey.ts';
import type { ZkeyContribution } from '../formats/zkey-contributions.ts';
import { g1Json, g2Json } from '../key/key-points.ts';

/** Characters that a verifier's records do not accept; they are replaced in names from elsewhere. */
const UNPRINTABLE = /[\p{C}\u2028\u2029]/gu;
/** A sidecar holds no more. */
const MAX_BYTES = 262_144;

/** What the model record says of a ceremony key. */
export interface CeremonyRecord {
  readonly record: CeremonySetup;
  /** Content of the transcript that the record names. */
  readonly transcript?: Uint8Array;
  /** Why there is no transcript, to show to the user. */
  readonly notes: readonly string[];
}

/** The contributions of a key as its record and its transcript list them. */
export function contributionsOf(zkey: Zkey): Contribution[] {
  return zkey.transcript.contributions.map(contributionOf);
}

/** The setup of a ceremony key, with its transcript if it has contributions that every verifier can check. */
export function ceremonyRecord(zkey: Zkey, ptau?: Phase1): CeremonyRecord {
  const contributions = contributionsOf(zkey);
  const record: CeremonySetup = {
    kind: 'ceremony',
    ...(ptau !== undefined && { ptau }),
    contributions: contributions.map(setupContribution),
  };
  if (contributions.length === 0) return { record, notes: [] };
  const own: Transcript = {
    version: TRANSCRIPT_VERSION,
    ...(ptau !== undefined && { phase1: ptau }),
    initialHash: hex(zkey.transcript.circuitHash),
    contributions,
  };
  const transcript = canonicalBytes(own);
  const why = reasonToLeaveOut(contributions, transcript);
  if (why !== undefined) return { record, notes: [`The record has no transcript: ${why}`] };
  return { record: { ...record, transcript: sidecarDigest(transcript) }, transcript, notes: [] };
}

function reasonToLeaveOut(contributions: readonly Contribution[], content: Uint8Array): string | undefined {
  if (!checkableBeacons(contributions))
    return 'a beacon has a number of iterations that verifiers do not repeat';
  if (content.length > MAX_BYTES) return `it is longer than the ${MAX_BYTES} bytes that a record can carry`;
  return undefined;
}

function contributionOf({
  name,
  deltaAfter,
  g1S,
  g1Sx,
  g2Spx,
  transcript,
  beacon,
}: ZkeyContribution): Contribution {
  const points = {
    name: name.replace(UNPRINTABLE, '?'),
    deltaAfter: g1Json(deltaAfter),
    g1S: g1Json(g1S),
    g1Sx: g1Json(g1Sx),
    g2Spx: g2Json(g2Spx),
    transcript: hex(transcript),
  };
  if (beacon === undefined) return { kind: 'contribution', ...points };
  const { hash, iterationsExponent } = beacon;
  return { kind: 'beacon', ...points, beacon: { hash: hex(hash), iterationsExponent } };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
