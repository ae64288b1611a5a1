import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { KeyId } from './trust-types.ts';

/** RFC 8410: an Ed25519 key as SPKI is this, and its 32 bytes. */
const SPKI_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

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

/**
 * RFC 8032, and both points in the prime-order subgroup, canonically encoded. So cofactored and cofactorless verifiers
 * agree: their equations differ by points of small order only, and there are none here.
 *
 * @param key of `publicKeyIn`
 */
export function signatureHolds(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  return (
    isPrimeOrder(signature.subarray(0, KEY_BYTES)) &&
    ed25519.verify(signature, message, key, { zip215: false })
  );
}

/** A canonical encoding of a point of the subgroup, other than the identity. */
function isPrimeOrder(bytes: Uint8Array): boolean {
  try {
    const point = ed25519.Point.fromBytes(bytes, false);
    return !point.is0() && point.isTorsionFree();
  } catch {
    return false;
  }
}

/** DSSE's pre-authentication encoding, version 1: what is signed. */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8ToBytes(payloadType);
  const head = utf8ToBytes(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `);
  return concatBytes(head, payload);
}
