import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { isPrimeOrder } from '../signature.ts';
import type { KeyId } from './trust-types.ts';

/** RFC 8410: an Ed25519 key as SPKI is this, and its 32 bytes. */
const SPKI_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);
const KEY_BYTES = 32;

/** The 32 bytes of a public key in SPKI; undefined for anything that is no key which signatures can be relied on. */
export function publicKeyIn(spki: Uint8Array): Uint8Array | undefined {
  if (spki.length !== SPKI_PREFIX.length + KEY_BYTES) return undefined;
  if (SPKI_PREFIX.some((byte, index) => spki[index] !== byte)) return undefined;
  const key = spki.slice(SPKI_PREFIX.length);
  return isPrimeOrder(key) ? key : undefined;
}

export function keyIdOf(spki: Uint8Array): KeyId {
  return bytesToHex(sha256(spki));
}

/** DSSE's pre-authentication encoding, version 1: what is signed. */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8ToBytes(payloadType);
  const head = utf8ToBytes(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `);
  return concatBytes(head, payload);
}
