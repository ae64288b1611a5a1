import { type KeyObject, sign } from 'node:crypto';
import type { NoteKey } from '@quietproof/verify/log';
import {
  type Promised,
  type PromiseEnvelope,
  promiseEnvelope,
  promiseMessage,
} from '@quietproof/verify/seal';
import { noteSigner } from './note-signer.ts';

/** Signs promises with the key that signs a log's checkpoints. */
export interface PromiseSigner {
  readonly key: NoteKey;
  sign(promised: Promised): PromiseEnvelope;
}

/**
 * @param name of the key, as in the log's checkpoints
 * @param privateKey an Ed25519 key
 */
export function promiseSigner(name: string, privateKey: KeyObject): PromiseSigner {
  const { key } = noteSigner(name, 'note', privateKey);
  return {
    key,
    sign: (promised) => promiseEnvelope(promised, key, sign(null, promiseMessage(promised), privateKey)),
  };
}
