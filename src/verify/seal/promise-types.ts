import type { Base64 } from '../json/encoded-types.ts';
import type { LogPlace } from './log-place.ts';

export const PROMISE_VERSION = 'quietproof/promise/v1';
export const PROMISE_TYPE = 'application/vnd.quietproof.promise+json';

/** A log's word, given with an answer, that this entry will stand at this place. Times in seconds since 1970. */
export interface Promised extends LogPlace {
  readonly version: typeof PROMISE_VERSION;
  /** Text of the entry, which is of the kind `answer`. */
  readonly entry: string;
  /** Every checkpoint of a later time covers the entry. */
  readonly includeBy: number;
  /** By then there is a proof; missing where only a draw or a request makes it due. */
  readonly proveBy?: number;
}

/** A DSSE envelope (github.com/secure-systems-lab/dsse), signed by the key that signs the log's checkpoints. */
export interface PromiseEnvelope {
  /** Canonical JSON of a `Promised`. */
  readonly payload: Base64;
  readonly payloadType: typeof PROMISE_TYPE;
  /** The key id as in notes: 8 hexadecimal digits. */
  readonly signatures: readonly [{ readonly keyid: string; readonly sig: Base64 }];
}
