import { concatBytes } from '@noble/hashes/utils.js';
import { hashToSignal, TAGS, taggedHash } from '../tagged-hash.ts';

/** Largest context signal: 248 bits. */
export const MAX_CONTEXT = (1n << 248n) - 1n;

/**
 * The public signal of a context: int(sha256(tag ‖ bytes)), big-endian, with its top 8 bits cleared.
 * Without a context, the bytes are empty (SPEC.md, sections 2 and 19).
 *
 * @param callerPart bytes chosen by the party that asked for the proof
 * @param recordPart 32 bytes chosen by the producer, if the record has a `contextId` (version 2)
 */
export function contextSignal(callerPart: Uint8Array, recordPart?: Uint8Array): bigint {
  if (recordPart === undefined) return hashToSignal(taggedHash(TAGS.context, callerPart));
  // The record's part has a fixed length, so different pairs of parts never concatenate to the same bytes.
  if (recordPart.length !== 32)
    throw new RangeError(`The record's part of a context has 32 bytes, not ${recordPart.length}`);
  return hashToSignal(taggedHash(TAGS.contextV2, concatBytes(recordPart, callerPart)));
}

/** The signal of a proof without a context. */
export const EMPTY_CONTEXT: bigint = contextSignal(new Uint8Array());
