import { utf8ToBytes } from '@noble/hashes/utils.js';
import { encodeBase64 } from '../json/base64.ts';
import { canonicalBytes, canonicalJson } from '../json/canonical-json.ts';
import type { Hex } from '../json/encoded-types.ts';
import { decodeText, parseJson } from '../json/parse-json.ts';
import { type Reader, record, refuse, text, version } from '../json/read-json.ts';
import type { Checkpoint } from '../log/checkpoint.ts';
import { checkPath, readLogProof } from '../log/log-proof.ts';
import { Refusal } from '../refusal.ts';
import { LOG_PROOF_TYPE, type Sidecar } from '../v2/sidecar-types.ts';
import { readAnswerEntry } from './answer-entry.ts';
import { origin as readOrigin } from './log-place.ts';
import { nonce, sealContextId } from './seal-context.ts';
import { LOG_PROOF_VERSION, type SealProof } from './sealed-types.ts';

/** Bytes of a log proof: 53 hashes, and a checkpoint. */
const MAX_PROOF = 1 << 17;

/** What a record says of itself that its log entry must agree with. */
export interface SealedRecord {
  readonly leaf: Hex;
  /** Undefined where the statement names none. */
  readonly contextId: Hex | undefined;
}

/** A log's entry about a record, under a checkpoint whose signatures have not been checked. */
export interface FoundSeal {
  readonly origin: string;
  readonly index: number;
  /** By the log's own account, in seconds since 1970. */
  readonly time: number;
  readonly checkpoint: Checkpoint;
}

const printable: Reader<string> = (json, at) =>
  typeof json === 'string' && json.length <= MAX_PROOF ? json : refuse(at, 'must be a text');

const readProof: Reader<SealProof> = record(
  { version: version(LOG_PROOF_VERSION), entry: text, nonce, proof: printable },
  {},
);

/** The sidecar of a bundle whose statement has this digest. */
export function sealSidecar(proof: Omit<SealProof, 'version'>, statementDigest: Hex): Sidecar {
  return {
    about: { what: 'statement', sha256: statementDigest },
    type: LOG_PROOF_TYPE,
    content: encodeBase64(canonicalBytes({ ...proof, version: LOG_PROOF_VERSION })),
  };
}

/**
 * Checks that a log proof is about this record: the entry holds its leaf, its context id is that of the entry's place, and
 * the path leads from the entry to the root of the checkpoint. Whose checkpoint that is, its signatures show.
 *
 * @throws Refusal QP7747 (its form), QP7007 (an origin that no log has), QP7010, QP7012, QP7740; QP7701, QP7704, QP7707; QP7708; QP7745; QP7748
 */
export function checkSealed(content: Uint8Array, { leaf, contextId }: SealedRecord): FoundSeal {
  const { entry: source, nonce: own, proof: proofText } = read(content);
  const entry = readAnswerEntry(source);
  if (entry.leaf !== leaf) throw new Refusal('QP7748');
  const proof = readLogProof(proofText);
  const checkpoint = checkPath(proof, utf8ToBytes(source));
  const origin = requireOrigin(checkpoint);
  if (contextId !== sealContextId({ origin, index: proof.index }, own)) throw new Refusal('QP7745');
  return { origin, index: proof.index, time: entry.time, checkpoint };
}

/** An origin that can be part of a context id. */
function requireOrigin({ origin }: Checkpoint): string {
  return readOrigin(origin, 'The first line of the checkpoint');
}

function read(content: Uint8Array): SealProof {
  try {
    const written = decodeText(content, MAX_PROOF);
    const proof = readProof(parseJson(written), 'log proof');
    if (canonicalJson(proof) !== written) throw new Refusal('QP7009');
    return proof;
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'QP7010') throw error;
    const what = `The log proof of the bundle cannot be read: ${error.what}`;
    throw new Refusal('QP7747', error.where === undefined ? { what } : { what, where: error.where });
  }
}
