import {
  canonicalVerificationKey,
  checkVerificationKey,
  decodeProof,
  fileJson,
  groth16Holds,
  type ProofJson,
  prepareKey,
  Q,
  R,
  Refusal,
  verifyBundle,
} from '@quietproof/verify';
import * as snarkjs from 'snarkjs';
import { describe, expect, test } from 'vitest';
import { assembleBundle, packBundle } from '../../../src/bundle/assemble-bundle.ts';
import { digestFixture, publicFixture, publicRecord } from '../support/corpus.ts';
import { g2Json, smallOrderPoint, twistPoint } from '../support/points.ts';

const prepared = (fixture: typeof digestFixture) =>
  prepareKey(checkVerificationKey(canonicalVerificationKey(fixture.verificationKey)));

describe.each([
  ['digest-label', digestFixture],
  ['public-logits', publicFixture],
])('%s agrees with snarkjs', (_, fixture) => {
  const key = prepared(fixture);
  const ours = (proof: ProofJson, signals: readonly string[]) =>
    groth16Holds(key, decodeProof(proof), signals.map(BigInt));
  const theirs = (proof: ProofJson, signals: readonly string[]) =>
    snarkjs.groth16.verify(fixture.verificationKey, [...signals], proof);

  test('on valid proofs', async () => {
    for (const { proof, publicSignals } of fixture.proofs) {
      expect(ours(proof, publicSignals)).toBe(true);
      expect(await theirs(proof, publicSignals)).toBe(true);
    }
  });

  test('on each signal changed, to small and large values', async () => {
    const { proof, publicSignals } = fixture.proofs[0]!;
    for (let index = 0; index < publicSignals.length; index += 1) {
      for (const value of ['0', '1', '77', '65536', '4294967295', (R - 1n).toString()]) {
        if (publicSignals[index] === value) continue;
        const signals = publicSignals.with(index, value);
        expect(ours(proof, signals), `${index}: ${value}`).toBe(false);
        expect(await theirs(proof, signals)).toBe(false);
      }
    }
  });

  test('on the proof of another row, and A and C swapped', async () => {
    const [first, second] = fixture.proofs as [(typeof fixture.proofs)[0], (typeof fixture.proofs)[0]];
    expect(ours(second.proof, first.publicSignals)).toBe(false);
    const swapped = { ...first.proof, pi_a: first.proof.pi_c, pi_c: first.proof.pi_a };
    expect(ours(swapped, first.publicSignals)).toBe(false);
    expect(await theirs(swapped, first.publicSignals)).toBe(false);
  });
});

describe('what snarkjs accepts', () => {
  const [first] = publicFixture.proofs as [(typeof publicFixture.proofs)[0]];
  const record = publicRecord();
  const plus = (decimal: string) => (BigInt(decimal) + Q).toString();
  const { pi_a, pi_b } = first.proof;

  function ours(change: { proof?: unknown; publicSignals?: unknown }): string | undefined {
    const proved = { ...first, ...change, row: { index: 0 } } as Parameters<typeof assembleBundle>[1];
    return verifyBundle(fileJson(packBundle(assembleBundle(record, proved), record))).code;
  }

  /** The same point in Jacobian coordinates, as snarkjs reads a third coordinate. */
  function projective(): ProofJson {
    const z = 5n;
    const scaled = [BigInt(pi_a[0]) * z ** 2n, BigInt(pi_a[1]) * z ** 3n].map((v) => (v % Q).toString());
    return { ...first.proof, pi_a: [...scaled, z.toString()] as never };
  }

  test.each<[string, { proof?: unknown; publicSignals?: unknown }, string]>([
    ['x + q in pi_a', { proof: { ...first.proof, pi_a: [plus(pi_a[0]), pi_a[1], '1'] } }, 'QP7501'],
    [
      'x + q in pi_b',
      { proof: { ...first.proof, pi_b: [[plus(pi_b[0][0]), pi_b[0][1]], pi_b[1], pi_b[2]] } },
      'QP7501',
    ],
    ['projective points', { proof: projective() }, 'QP7502'],
    ['infinity', { proof: { ...first.proof, pi_a: ['0', '1', '0'] } }, 'QP7504'],
    ['(0, 0)', { proof: { ...first.proof, pi_a: ['0', '0', '1'] } }, 'QP7502'],
    [
      'signal + r',
      { publicSignals: first.publicSignals.with(0, (BigInt(first.publicSignals[0]!) + R).toString()) },
      'QP7402',
    ],
    ['a missing last signal', { publicSignals: first.publicSignals.slice(0, -1) }, 'QP7401'],
    [
      'hex signals',
      { publicSignals: first.publicSignals.with(0, `0x${BigInt(first.publicSignals[0]!).toString(16)}`) },
      'QP7008',
    ],
    ['leading zeros', { publicSignals: first.publicSignals.with(0, `0${first.publicSignals[0]}`) }, 'QP7008'],
    ['spaces', { publicSignals: first.publicSignals.with(0, ` ${first.publicSignals[0]}`) }, 'QP7008'],
    [
      'negative signals',
      { publicSignals: first.publicSignals.with(0, `-${first.publicSignals[0]}`) },
      'QP7008',
    ],
    ['4 million digits', { publicSignals: first.publicSignals.with(0, '9'.repeat(900_000)) }, 'QP7008'],
    ['signals as numbers', { publicSignals: [17, ...first.publicSignals.slice(1)] }, 'QP7007'],
  ])('%s', (name, change, code) => {
    expect(ours(change), name).toBe(code);
  });

  test('snarkjs accepts some of them', async () => {
    const verify = (proof: unknown, signals: readonly string[]) =>
      snarkjs.groth16.verify(publicFixture.verificationKey, [...signals], proof as ProofJson);
    expect(await verify({ ...first.proof, pi_a: [plus(pi_a[0]), pi_a[1], '1'] }, first.publicSignals)).toBe(
      true,
    );
    expect(await verify(projective(), first.publicSignals)).toBe(true);
  });
});

test('decodeProof names the point it refuses', () => {
  const { proof } = digestFixture.proofs[0]!;
  const bad = { ...proof, pi_c: [proof.pi_c[0], '3', '1'] as const };
  expect(() => decodeProof(bad)).toThrow(Refusal);
  expect(() => decodeProof(bad)).toThrow('QP7502 A point of the proof is not on its curve (pi_c)');
});

test('a proof with a G2 point outside the subgroup is refused', () => {
  const { proof } = digestFixture.proofs[0]!;
  const outside = twistPoint();
  for (const point of [outside, smallOrderPoint(outside)]) {
    expect(() => decodeProof({ ...proof, pi_b: g2Json(point) })).toThrow('QP7503');
  }
});
