import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import type { Hex } from '../json/encoded-types.ts';
import { matching, type Reader } from '../json/read-json.ts';
import { TAGS, taggedHash } from '../tagged-hash.ts';
import { type LogPlace, placeBytes } from './log-place.ts';

/** 16 random bytes, fresh per answer, in 32 lower-case hex digits. */
export type Nonce = string;

export const NONCE_BYTES = 16;

export const nonce: Reader<Nonce> = matching(/^[0-9a-f]{32}$/, '16 bytes in lower-case hex');

/**
 * The `contextId` of a sealed answer: H(tag ‖ origin length ‖ origin ‖ index ‖ nonce). With it, the proof is bound to one
 * place of one log, so that an answer given twice makes two records.
 *
 * @param own 32 lower-case hex digits
 */
export function sealContextId(place: LogPlace, own: Nonce): Hex {
  const bytes = hexToBytes(own);
  if (bytes.length !== NONCE_BYTES) throw new RangeError(`a nonce has ${NONCE_BYTES} bytes`);
  return bytesToHex(taggedHash(TAGS.sealContext, concatBytes(placeBytes(place), bytes)));
}
