import { constants, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DIGESTS } from '../../../src/verify/timestamp/digests.ts';
import { pkcs1Holds, pssHolds, type RsaKey } from '../../../src/verify/timestamp/rsa.ts';

const MESSAGE = new TextEncoder().encode('message');

function newKey(bits: number, publicExponent = 65_537) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits, publicExponent });
  const { n = '' } = publicKey.export({ format: 'jwk' });
  const modulus = BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`);
  const key: RsaKey = { modulus, exponent: BigInt(publicExponent) };
  return { key, privateKey };
}

/** With a modulus of 1 bit over whole bytes, the encoding of PSS has a byte less than the signature. */
const KEYS = [newKey(2048), newKey(2049)];
const SMALL_EXPONENT = newKey(3072, 3);

describe.each(DIGESTS.map((digest) => [digest.name, digest] as const))('RSA with %s', (name, digest) => {
  it('accepts signatures of OpenSSL, PKCS #1 v1.5, and none that were changed', () => {
    for (const { key, privateKey } of KEYS) {
      const signature = new Uint8Array(sign(name, MESSAGE, privateKey));
      expect(pkcs1Holds(signature, MESSAGE, key, digest)).toBe(true);
      expect(pkcs1Holds(signature, MESSAGE.with(0, 0), key, digest)).toBe(false);
      expect(pkcs1Holds(signature.with(9, signature[9]! ^ 1), MESSAGE, key, digest)).toBe(false);
      expect(pkcs1Holds(signature.subarray(1), MESSAGE, key, digest)).toBe(false);
      expect(pkcs1Holds(Uint8Array.of(0, ...signature), MESSAGE, key, digest)).toBe(false);
      const other = DIGESTS.find((one) => one !== digest)!;
      expect(pkcs1Holds(signature, MESSAGE, key, other)).toBe(false);
      const pss = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING };
      expect(pkcs1Holds(new Uint8Array(sign(name, MESSAGE, pss)), MESSAGE, key, digest)).toBe(false);
    }
  });

  it('accepts signatures of OpenSSL, PSS, with the salt of the length that is stated', () => {
    for (const { key, privateKey } of KEYS) {
      for (const saltLength of [0, 20, 64]) {
        const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
        const signature = new Uint8Array(sign(name, MESSAGE, { key: privateKey, ...padding }));
        expect(pssHolds(signature, MESSAGE, key, digest, saltLength)).toBe(true);
        expect(pssHolds(signature, MESSAGE, key, digest, saltLength + 1)).toBe(false);
        expect(pssHolds(signature, MESSAGE.with(0, 0), key, digest, saltLength)).toBe(false);
        expect(pssHolds(signature.with(9, signature[9]! ^ 1), MESSAGE, key, digest, saltLength)).toBe(false);
      }
      expect(pssHolds(new Uint8Array(sign(name, MESSAGE, privateKey)), MESSAGE, key, digest, 0)).toBe(false);
      expect(pssHolds(new Uint8Array(sign(name, MESSAGE, privateKey)), MESSAGE, key, digest, 1e6)).toBe(
        false,
      );
    }
  });

  it('refuses what Bleichenbacher made without a key: a cube that begins like a signature', () => {
    const { key } = SMALL_EXPONENT;
    const start = Buffer.concat([
      Buffer.of(0, 1, ...Array(8).fill(0xff), 0),
      digest.info,
      digest.hash(MESSAGE),
    ]);
    const block = BigInt(
      `0x${Buffer.concat([start, Buffer.alloc(384 - start.length, 0xff)]).toString('hex')}`,
    );
    const root = cubeRoot(block);
    const forged = Buffer.from(root.toString(16).padStart(768, '0'), 'hex');
    const cube = Buffer.from((root ** 3n).toString(16).padStart(768, '0'), 'hex');
    expect(cube.subarray(0, start.length)).toEqual(start);
    expect(pkcs1Holds(new Uint8Array(forged), MESSAGE, key, digest)).toBe(false);
  });

  it('refuses numbers that are not below the modulus', () => {
    const { key, privateKey } = KEYS[0]!;
    const value = BigInt(`0x${sign(name, MESSAGE, privateKey).toString('hex')}`) + key.modulus;
    const bytes = Buffer.from(value.toString(16).padStart(512, '0'), 'hex');
    expect(pkcs1Holds(new Uint8Array(bytes), MESSAGE, key, digest)).toBe(false);
    for (const trivial of [0n, 1n, key.modulus - 1n]) {
      const small = new Uint8Array(Buffer.from(trivial.toString(16).padStart(512, '0'), 'hex'));
      expect(pkcs1Holds(small, MESSAGE, key, digest)).toBe(false);
      expect(pssHolds(small, MESSAGE, key, digest, 32)).toBe(false);
    }
  });
});

/** Rounded down. */
function cubeRoot(value: bigint): bigint {
  let [low, high] = [0n, 1n << 1030n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** 3n <= value) low = middle;
    else high = middle;
  }
  return low;
}
