import { concatBytes } from '@noble/hashes/utils.js';
import { unsigned } from './der-values.ts';
import type { Digest } from './digests.ts';

export interface RsaKey {
  readonly modulus: bigint;
  readonly exponent: bigint;
}

/** What a signature says was signed, as the key's public operation gives it; undefined if it cannot be one of this key. */
function opened(signature: Uint8Array, { modulus, exponent }: RsaKey): Uint8Array | undefined {
  const length = Math.ceil(modulus.toString(2).length / 8);
  const value = unsigned(signature);
  if (signature.length !== length || value >= modulus) return undefined;
  let power = 1n;
  for (const bit of exponent.toString(2)) {
    power = (power * power) % modulus;
    if (bit === '1') power = (power * value) % modulus;
  }
  const hex = power.toString(16).padStart(2 * length, '0');
  return Uint8Array.from({ length }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/** RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2.2): the whole encoding is made again and compared, nothing is parsed. */
export function pkcs1Holds(
  signature: Uint8Array,
  message: Uint8Array,
  key: RsaKey,
  { hash, info }: Digest,
): boolean {
  const found = opened(signature, key);
  if (found === undefined) return false;
  const end = concatBytes(Uint8Array.of(0), info, hash(message));
  const padding = new Uint8Array(Math.max(found.length - end.length - 2, 0)).fill(0xff);
  const expected = concatBytes(Uint8Array.of(0, 1), padding, end);
  return padding.length >= 8 && same(found, expected);
}

/** RSASSA-PSS with MGF1 of the same hash (RFC 8017, section 9.1.2). */
export function pssHolds(
  signature: Uint8Array,
  message: Uint8Array,
  key: RsaKey,
  { hash }: Digest,
  saltLength: number,
): boolean {
  const found = opened(signature, key);
  if (found === undefined) return false;
  const bits = key.modulus.toString(2).length - 1;
  const encoded = bits % 8 === 0 ? found.subarray(1) : found;
  if (bits % 8 === 0 && found[0] !== 0) return false;
  const digest = hash(message);
  const split = encoded.length - digest.length - 1;
  if (split < saltLength + 1 || encoded.at(-1) !== 0xbc) return false;
  const [masked, tail] = [encoded.subarray(0, split), encoded.subarray(split, -1)];
  const unusedBits = 8 * encoded.length - bits;
  if (((masked[0] as number) & ~(0xff >> unusedBits)) !== 0) return false;
  const mask = maskOf(tail, split, hash);
  const data = masked.map((byte, i) => byte ^ (mask[i] as number));
  data[0] = (data[0] as number) & (0xff >> unusedBits);
  const salt = data.subarray(split - saltLength);
  const padding = data.subarray(0, split - saltLength);
  if (padding.at(-1) !== 1 || padding.subarray(0, -1).some((byte) => byte !== 0)) return false;
  return same(tail, hash(concatBytes(new Uint8Array(8), digest, salt)));
}

/** MGF1 (RFC 8017, section B.2.1). */
function maskOf(seed: Uint8Array, length: number, hash: Digest['hash']): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let counter = 0, have = 0; have < length; counter += 1) {
    const part = hash(concatBytes(seed, Uint8Array.of(0, 0, counter >> 8, counter & 0xff)));
    parts.push(part);
    have += part.length;
  }
  return concatBytes(...parts).subarray(0, length);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
