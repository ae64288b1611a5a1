import { bn254 } from '@noble/curves/bn254.js';
import {
  canonicalVerificationKey,
  checkVerificationKey,
  type G1Json,
  type G2Json,
  type ProofJson,
  Q,
  R,
  type RefusalCode,
  type VerificationKeyJson,
} from '@quietproof/verify';
import * as snarkjs from 'snarkjs';
import { describe, expect, test } from 'vitest';
import { BABY, fingerprint, multiples } from '../../../src/verify/key/known-delta.ts';
import { FINGERPRINTS } from '../../../src/verify/key/known-delta-table.ts';
import { digestFixture, publicFixture } from '../support/corpus.ts';
import { g1Json, g2Json, smallOrderPoint, twistPoint } from '../support/points.ts';

const key = canonicalVerificationKey(digestFixture.verificationKey);
const { G1, G2 } = bn254;

function refusal(bad: VerificationKeyJson, nPublic?: number): unknown {
  try {
    checkVerificationKey(bad, nPublic);
  } catch (error) {
    return (error as { code: RefusalCode }).code;
  }
  return 'accepted';
}

test('keys with a contribution pass', () => {
  expect(refusal(key, 3)).toBe('accepted');
  expect(refusal(canonicalVerificationKey(publicFixture.verificationKey), 6)).toBe('accepted');
  expect(refusal(canonicalVerificationKey(digestFixture.otherSetup.verificationKey))).toBe('accepted');
});

describe('the forgery that every key without a contribution allows', () => {
  const broken = digestFixture.uncontributedKey;

  /** A = α, B = β, C = −vk_x: with δ = γ the equation holds for any signals. */
  function forge(vk: VerificationKeyJson, signals: readonly bigint[]): ProofJson {
    const points = vk.IC.map(([x, y]) => G1.Point.fromAffine({ x: BigInt(x), y: BigInt(y) }));
    const vkx = points.slice(1).reduce((sum, p, i) => sum.add(p.multiply(signals[i]!)), points[0]!);
    return {
      protocol: 'groth16',
      curve: 'bn128',
      pi_a: vk.vk_alpha_1,
      pi_b: vk.vk_beta_2,
      pi_c: g1Json(vkx.negate()),
    };
  }

  test('works against snarkjs', async () => {
    const signals = [9n, 42n, 7n];
    const forged = forge(broken, signals);
    expect(await snarkjs.groth16.verify(broken, signals.map(String), forged)).toBe(true);
  });

  test('is impossible here, because the key is refused', () => {
    expect(refusal(canonicalVerificationKey(broken))).toBe('QP7307');
  });
});

test.each([1n, 2n, 3n, 1023n, 1024n, 1025n, 2049n, 4098n, 12345n, 65535n, 65536n].flatMap((k) => [k, -k]))(
  'delta = %s · gamma is refused',
  (k) => {
    const delta = G2.Point.BASE.multiply(k < 0n ? R + k : k);
    expect(refusal({ ...key, vk_delta_2: g2Json(delta) })).toBe('QP7307');
  },
);

test('the table of fingerprints is that of the multiples of gamma', () => {
  const bytes = multiples(BABY).flatMap((point) => {
    const low = fingerprint(point);
    return [low >> 16, (low >> 8) & 255, low & 255];
  });
  expect(Buffer.from(bytes).toString('base64')).toBe(FINGERPRINTS);
});

test('a random delta passes: the search finds only small multiples', () => {
  const delta = G2.Point.BASE.multiply(2n ** 40n + 12345n);
  expect(refusal({ ...key, vk_delta_2: g2Json(delta) })).toBe('accepted');
});

describe('points', () => {
  const INFINITY: G1Json = ['0', '1', '0'] as unknown as G1Json;
  const INFINITY2 = [
    ['0', '0'],
    ['1', '0'],
    ['0', '0'],
  ] as unknown as G2Json;
  const ic = (index: number, point: G1Json) => ({
    ...key,
    IC: key.IC.map((p, i) => (i === index ? point : p)),
  });
  const [x, y] = key.IC[1]!;
  const [bx, by] = key.vk_beta_2;

  test.each<[string, VerificationKeyJson, RefusalCode]>([
    ['gamma is not the generator', { ...key, vk_gamma_2: key.vk_beta_2 }, 'QP7306'],
    ['alpha at infinity', { ...key, vk_alpha_1: INFINITY }, 'QP7304'],
    ['beta at infinity', { ...key, vk_beta_2: INFINITY2 }, 'QP7304'],
    ['delta at infinity', { ...key, vk_delta_2: INFINITY2 }, 'QP7304'],
    ['IC[0] at infinity', ic(0, INFINITY), 'QP7304'],
    ['IC[2] at infinity', ic(2, INFINITY), 'QP7304'],
    ['(0, 0)', ic(1, ['0', '0', '1']), 'QP7302'],
    ['a point off the curve', ic(1, [x, '1', '1']), 'QP7302'],
    ['a projective point', ic(1, [x, y, '2'] as unknown as G1Json), 'QP7302'],
    ['x + q', ic(1, [(BigInt(x) + Q).toString(), y, '1']), 'QP7301'],
    ['y = q', ic(1, [x, Q.toString(), '1']), 'QP7301'],
    ['a G2 point off the twist', { ...key, vk_beta_2: [bx, bx, ['1', '0']] }, 'QP7302'],
    [
      'swapped limbs',
      {
        ...key,
        vk_beta_2: [
          [bx[1], bx[0]],
          [by[1], by[0]],
          ['1', '0'],
        ],
      },
      'QP7302',
    ],
    ['equal IC points', ic(1, key.IC[2]!), 'QP7308'],
    ['opposite IC points', ic(1, [key.IC[2]![0], (Q - BigInt(key.IC[2]![1])).toString(), '1']), 'QP7308'],
    ['one IC point too few', { ...key, IC: key.IC.slice(1) }, 'QP7305'],
    ['one IC point too many', { ...key, IC: [...key.IC, key.vk_alpha_1] }, 'QP7305'],
    ['a wrong nPublic', { ...key, nPublic: 2 }, 'QP7305'],
  ])('%s', (_, bad, code) => {
    expect(refusal(bad)).toBe(code);
  });

  test('a key for another number of signals', () => {
    expect(refusal(key, 4)).toBe('QP7305');
  });

  test('G2 points outside the subgroup', () => {
    const outside = twistPoint();
    expect(
      outside
        .multiplyUnsafe(R - 1n)
        .add(outside)
        .is0(),
    ).toBe(false);
    expect(refusal({ ...key, vk_beta_2: g2Json(outside) })).toBe('QP7303');
    // The order of this point is the smallest prime of the cofactor, which a wrong test is most likely to miss.
    const small = smallOrderPoint(outside);
    expect(small.multiplyUnsafe(10069n).is0()).toBe(true);
    expect(refusal({ ...key, vk_beta_2: g2Json(small) })).toBe('QP7303');
    expect(refusal({ ...key, vk_delta_2: g2Json(small) })).toBe('QP7303');
    const mixed = small.add(G2.Point.BASE.multiply(77n));
    expect(refusal({ ...key, vk_beta_2: g2Json(mixed) })).toBe('QP7303');
  });
});
