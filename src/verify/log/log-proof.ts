import { decodeBase64, encodeBase64 } from '../json/base64.ts';
import { Refusal } from '../refusal.ts';
import {
  type CheckedCheckpoint,
  type Checkpoint,
  checkCheckpoint,
  type LogPolicy,
  readCheckpoint,
} from './checkpoint.ts';
import { equal, HASH_BYTES, type Hash, leafHash, rootFromInclusion } from './merkle.ts';

/** A proof that a log has an entry, to be checked offline (C2SP tlog-proof). */
export interface LogProof {
  readonly index: number;
  /** Hashes from the sibling of the entry up to the child of the root. */
  readonly path: readonly Hash[];
  /** The checkpoint as the log published it, with its signatures. */
  readonly checkpoint: string;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
/** Enough for 2^53 entries. */
const MAX_PATH = 53;

export function logProofText({ index, path, checkpoint }: LogProof): string {
  return `${[HEADER, `index ${index}`, ...path.map(encodeBase64)].join('\n')}\n\n${checkpoint}`;
}

/**
 * Reads a proof without checking it.
 *
 * @throws Refusal QP7707; QP7701, QP7704 for its checkpoint
 */
export function readLogProof(text: string): LogProof {
  const end = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, Math.max(end, 0)).split('\n');
  if (header !== HEADER) return notProof(`does not begin with ${HEADER}`);
  // Data for the application, which nothing signs.
  if (lines[0]?.startsWith('extra ')) lines.shift();
  const [, index] = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? '') ?? [];
  if (index === undefined || !Number.isSafeInteger(Number(index))) return notProof('has no index');
  if (lines.length > MAX_PATH) return notProof('has too many hashes');
  const path = lines.map((line) => decodeBase64(line, { code: 'QP7707', name: 'A hash of the log proof' }));
  if (path.some((hash) => hash.length !== HASH_BYTES)) return notProof('has a hash of another length');
  const checkpoint = text.slice(end + 2);
  readCheckpoint(checkpoint);
  return { index: Number(index), path, checkpoint };
}

function notProof(why: string): never {
  throw new Refusal('QP7707', { what: `The log proof ${why}` });
}

export interface CheckedInclusion {
  readonly index: number;
  readonly checkpoint: CheckedCheckpoint;
}

/**
 * Checks that a proof leads from an entry to the root of its checkpoint, whoever has signed it.
 *
 * @throws Refusal QP7701, QP7704; QP7708 if the proof leads elsewhere
 */
export function checkPath({ index, path, checkpoint: text }: LogProof, entry: Uint8Array): Checkpoint {
  const checkpoint = readCheckpoint(text);
  const root = rootFromInclusion(leafHash(entry), { index, size: checkpoint.size, path });
  if (root === undefined || !equal(root, checkpoint.root)) throw new Refusal('QP7708');
  return checkpoint;
}

/**
 * Checks that a log has an entry: the proof leads from the entry to the root of a checkpoint that the log has signed.
 *
 * @throws Refusal QP7701, QP7703 to QP7707; QP7708 if the proof leads elsewhere
 */
export function checkLogProof(proof: LogProof, entry: Uint8Array, policy: LogPolicy): CheckedInclusion {
  const checkpoint = checkCheckpoint(proof.checkpoint, policy);
  checkPath(proof, entry);
  return { index: proof.index, checkpoint };
}
