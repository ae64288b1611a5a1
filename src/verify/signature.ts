import { ed25519 } from '@noble/curves/ed25519.js';

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/**
 * RFC 8032, and both points in the prime-order subgroup, canonically encoded. So cofactored and cofactorless verifiers
 * agree: their equations differ by points of small order only, and there are none here.
 *
 * @param key 32 bytes, checked by `isPrimeOrder`
 */
export function signatureHolds(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  return (
    isPrimeOrder(signature.subarray(0, KEY_BYTES)) &&
    ed25519.verify(signature, message, key, { zip215: false })
  );
}

/** A canonical encoding of a point of the subgroup, other than the identity. */
export function isPrimeOrder(bytes: Uint8Array): boolean {
  try {
    const point = ed25519.Point.fromBytes(bytes, false);
    return !point.is0() && point.isTorsionFree();
  } catch {
    return false;
  }
}
