import { decodeBase64, encodeBase64 } from '../json/base64.ts';
import { Refusal } from '../refusal.ts';
import { HASH_BYTES, type TreeHead } from './merkle.ts';
import { type CheckedSignature, checkSignatures, type NoteKey, readNote, type SignedNote } from './note.ts';

/** A signed tree head (C2SP tlog-checkpoint). */
export interface Checkpoint extends TreeHead {
  /** Names the log. */
  readonly origin: string;
  readonly note: SignedNote;
}

/** The text that a log signs. */
export function checkpointText(origin: string, { size, root }: TreeHead): string {
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

/**
 * Reads a checkpoint without checking its signatures. Lines after the third are allowed and mean nothing.
 *
 * @throws Refusal QP7701, QP7704
 */
export function readCheckpoint(text: string): Checkpoint {
  const note = readNote(text);
  const [origin, size, root, ...more] = note.text.slice(0, -1).split('\n');
  if (!origin || size === undefined || root === undefined || more.includes('')) {
    return notCheckpoint('needs lines for origin, size and root');
  }
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) {
    return notCheckpoint('has a size that is no number of entries');
  }
  const hash = decodeBase64(root, { code: 'QP7704', name: 'The root of a checkpoint' });
  if (hash.length !== HASH_BYTES) return notCheckpoint('has a root that is no SHA-256 hash');
  return { origin, size: Number(size), root: hash, note };
}

function notCheckpoint(why: string): never {
  throw new Refusal('QP7704', { what: `The checkpoint ${why}` });
}

/** Keys of a log and of those who watch it. */
export interface LogPolicy {
  readonly origin: string;
  /** Keys of the log: one of them must have signed. */
  readonly keys: readonly NoteKey[];
  /** Witnesses, none of them the log's. */
  readonly witnesses: readonly NoteKey[];
}

export interface CheckedCheckpoint extends Checkpoint {
  /** Cosignatures of the policy's witnesses, one per witness. */
  readonly cosignatures: readonly CheckedSignature[];
}

/**
 * Reads a checkpoint and checks that it is the log's.
 *
 * @throws Refusal QP7701, QP7703, QP7704; QP7705 if it is another log's; QP7706 if no key of the log has signed it
 */
export function checkCheckpoint(text: string, policy: LogPolicy): CheckedCheckpoint {
  const checkpoint = readCheckpoint(text);
  if (checkpoint.origin !== policy.origin) throw new Refusal('QP7705', { where: checkpoint.origin });
  if (checkSignatures(checkpoint.note, policy.keys).length === 0) throw new Refusal('QP7706');
  const found = checkSignatures(checkpoint.note, policy.witnesses);
  const own = new Map(found.map((one) => [`${one.key.name}+${one.key.keyId}`, one]));
  return { ...checkpoint, cosignatures: [...own.values()] };
}
