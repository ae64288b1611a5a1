import { concatBytes } from '@noble/hashes/utils.js';
import { hashToSignal, TAGS, taggedHash } from '../tagged-hash.ts';

/** Largest context signal: 248 bits. */
export const MAX_CONTEXT = (1n << 248n) - 1n;

/**
 * The public signal of a context: int(sha256(tag ‖ bytes)), big-endian, with its top 8 bits cleared.
 * No context is the context of no bytes.
 *
 * @param callers the bytes that whoever asked for the proof chose
 * @param records 32 bytes of the producer's choice, where the record has a part of its own (version 2)
 */
export function contextSignal(callers: Uint8Array, records?: Uint8Array): bigint {
  if (records === undefined) return hashToSignal(taggedHash(TAGS.context, callers));
  // The record's part has a fixed length: no two pairs of parts give the same bytes.
  if (records.length !== 32) throw new RangeError(`A record's part has 32 bytes, not ${records.length}`);
  return hashToSignal(taggedHash(TAGS.contextV2, concatBytes(records, callers)));
}

/** The signal of a proof that was made for no context. */
export const EMPTY_CONTEXT: bigint = contextSignal(new Uint8Array());
