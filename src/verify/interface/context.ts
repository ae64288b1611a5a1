import { hashToSignal, TAGS, taggedHash } from '../tagged-hash.ts';

/** Largest context signal: 248 bits. */
export const MAX_CONTEXT = (1n << 248n) - 1n;

/**
 * The public signal of a context: int(sha256(tag ‖ bytes)), big-endian, with its top 8 bits cleared.
 * No context is the context of no bytes.
 */
export function contextSignal(context: Uint8Array): bigint {
  return hashToSignal(taggedHash(TAGS.context, context));
}

/** The signal of a proof that was made for no context. */
export const EMPTY_CONTEXT: bigint = contextSignal(new Uint8Array());
