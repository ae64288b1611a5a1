import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { beaconKey } from '../../../src/verify/transcript/beacon.ts';
import { hashToG2 } from '../../../src/verify/transcript/random-points.ts';
import { randomWords } from '../../../src/verify/transcript/random-words.ts';

/** Made by snarkjs: test/fixtures/ceremony/make-ceremony.mjs. */
const vectors = JSON.parse(
  readFileSync(new URL('../../fixtures/ceremony/random-points.json', import.meta.url), 'utf8'),
) as {
  readonly hashes: readonly { readonly hash: string; readonly g2: readonly (readonly string[])[] }[];
  readonly beacons: readonly {
    readonly hash: string;
    readonly iterationsExponent: number;
    readonly secret: string;
    readonly g1S: readonly string[];
  }[];
};

test('the words are those of ChaCha20', () => {
  // RFC 8439, appendix A.1, vectors 1 and 2: key, nonce and counter 0, then counter 1.
  const stream =
    '76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586' +
    '9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f';
  const words = randomWords(new Uint8Array(32));
  const bytes = Buffer.alloc(128);
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(words.next().value, at);
  expect(bytes.toString('hex')).toBe(stream);
});

test('a key is eight big-endian words', () => {
  // RFC 8439, appendix A.1, vector 3 has the key 0 … 0 1; its counter 1 is the second block.
  const key = new Uint8Array(32);
  key[28] = 1;
  const words = randomWords(key);
  const second = Array.from({ length: 20 }, () => words.next().value)[16];
  expect(second).toBe(Buffer.from('3aeb5224', 'hex').readUInt32LE());
});

test('points of G2 are those that snarkjs hashes to', () => {
  expect(vectors.hashes.length).toBe(16);
  for (const { hash, g2 } of vectors.hashes) {
    const { x, y } = hashToG2(Buffer.from(hash, 'hex')).toAffine();
    expect([[x.c0, x.c1].map(String), [y.c0, y.c1].map(String)]).toEqual(g2);
  }
});

test('secrets and points of beacons are those of snarkjs', () => {
  for (const { hash, iterationsExponent, secret, g1S } of vectors.beacons) {
    const derived = beaconKey({ hash, iterationsExponent });
    expect(String(derived.secret)).toBe(secret);
    const { x, y } = derived.g1S.toAffine();
    expect([x, y].map(String)).toEqual(g1S);
  }
});
