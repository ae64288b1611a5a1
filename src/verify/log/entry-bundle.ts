import { concatBytes } from '@noble/hashes/utils.js';
import { Refusal } from '../refusal.ts';
import { SEAL_REFUSALS } from '../seal-refusals.ts';
import { TILE_WIDTH } from './tiles.ts';

/** The length of an entry stands before it, in two bytes. */
export const MAX_ENTRY = 0xffff;

/** An entry as it stands in its bundle (C2SP tlog-tiles). */
export function bundledEntry(entry: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry);
}

/**
 * The entries of a bundle, or its first `width` ones.
 *
 * @throws Refusal QP7709 if it has fewer, more than 256, or ends within one
 */
export function readEntryBundle(bundle: Uint8Array, width: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bundle.length; ) {
    const length = ((bundle[at] ?? 0) << 8) | (bundle[at + 1] ?? 0);
    const entry = bundle.subarray(at + 2, at + 2 + length);
    at += 2 + length;
    if (at > bundle.length || entries.push(entry) > TILE_WIDTH) throw cutOff();
  }
  if (entries.length < width) throw cutOff();
  return entries.slice(0, width);
}

function cutOff(): Refusal {
  return new Refusal('QP7709', { what: SEAL_REFUSALS.QP7709 });
}
