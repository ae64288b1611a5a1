import { bn254 } from '@noble/curves/bn254.js';
import {
  fileJson,
  type ProofChecker,
  type ProofJson,
  parseBundle,
  prepareModel,
  R,
  type ThinBundle,
  verifyBundle,
  verifyMany,
} from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { NATIVE_CHECKER } from '../support/backends.ts';
import { digestRecord } from '../verify/support/corpus.ts';
import { manyBundles } from '../verify/support/many.ts';
import { g2Json, smallOrderPoint, twistPoint, withB, withC } from '../verify/support/points.ts';

const record = digestRecord();
const companion = prepareModel(fileJson(record));
const good = manyBundles(record, 40);
const key = record.verificationKey;

const stated = (text: string) => {
  const { proof, publicSignals } = parseBundle(text) as ThinBundle;
  return { proof, signals: publicSignals.map(BigInt) };
};

const changed = (text: string, edit: (proof: ProofJson) => ProofJson) => {
  const bundle = parseBundle(text) as ThinBundle;
  return fileJson({ ...bundle, proof: edit(bundle.proof) });
};

describe.skipIf(NATIVE_CHECKER === undefined)('the native check', () => {
  const checker = NATIVE_CHECKER as ProofChecker;
  const refused = (proofs: ReturnType<typeof stated>[]) =>
    [...checker.confirm(key, proofs).entries()].filter(([, held]) => !held).map(([place]) => place);

  test('confirms good proofs, however many', () => {
    for (const count of [0, 1, 2, 40]) expect(refused(good.slice(0, count).map(stated))).toEqual([]);
  });

  test('names one wrong proof among 1,000', () => {
    const proofs = Array.from({ length: 1000 }, (_, place) => stated(good[place % good.length]!));
    proofs[617] = { ...proofs[617]!, proof: withC(proofs[617]!.proof, 3n) };
    expect(refused(proofs)).toEqual([617]);
  });

  test('refuses errors that cancel each other without random factors', () => {
    const proofs = good.map(stated);
    proofs[4] = { ...proofs[4]!, proof: withC(proofs[4]!.proof, 7n) };
    proofs[5] = { ...proofs[5]!, proof: withC(proofs[5]!.proof, R - 7n) };
    expect(refused(proofs)).toEqual([4, 5]);
  });

  test('refuses points outside the subgroup, also those that cancel each other', () => {
    const small = smallOrderPoint(twistPoint());
    const proofs = good.slice(0, 8).map(stated);
    proofs[1] = { ...proofs[1]!, proof: withB(proofs[1]!.proof, small) };
    proofs[2] = { ...proofs[2]!, proof: withB(proofs[2]!.proof, small.negate()) };
    expect(refused(proofs)).toEqual([1, 2]);
  });

  test('refuses what is not canonical, not on a curve, at infinity, or has other signals', () => {
    const { proof, signals } = stated(good[0]!);
    const [x, y] = proof.pi_a;
    const q = bn254.fields.Fp.ORDER;
    const points: ProofJson['pi_a'][] = [
      [String(BigInt(x) + q), y, '1'],
      [y, x, '1'],
      ['0', '0', '1'],
      [x, y, '2' as '1'],
      ['0', '1', '0' as '1'],
    ];
    for (const pi_a of points) expect(refused([{ proof: { ...proof, pi_a }, signals }])).toEqual([0]);
    const g2 = [...proof.pi_b.slice(0, 2), ['1', '1']] as unknown as ProofJson['pi_b'];
    expect(refused([{ proof: { ...proof, pi_b: g2 }, signals }])).toEqual([0]);
    for (const other of [signals.slice(1), [...signals, 0n], signals.with(0, signals[0]! + R)])
      expect(refused([{ proof, signals: other }])).toEqual([0]);
  });

  test('leaves the code of a refusal to the verifier', () => {
    const small = smallOrderPoint(twistPoint());
    const bundles = [
      good[0]!,
      changed(good[1]!, (proof) => withB(proof, small)),
      changed(good[2]!, (proof) => withC(proof, 3n)),
      good[3]!,
    ];
    const options = { companion, anyModel: true };
    const verdicts = verifyMany(bundles, { ...options, checker });
    expect(verdicts.map(({ code }) => code)).toEqual([undefined, 'QP7503', 'QP7505', undefined]);
    expect(verdicts).toEqual(verifyMany(bundles, options));
    expect(verifyBundle(bundles[0]!, { ...options, checker })).toEqual(verdicts[0]);
  });

  test('knows no key with a point outside its group', () => {
    const outside = { ...key, vk_delta_2: g2Json(twistPoint()) };
    expect(() => checker.confirm(outside, [stated(good[0]!)])).toThrow('not in its group');
  });
});

describe('a checker can only confirm', () => {
  const bundles = [good[0]!, changed(good[1]!, (proof) => withC(proof, 3n)), good[2]!];
  const broken: [string, () => readonly boolean[]][] = [
    ['refuses everything', () => [false, false, false]],
    ['answers too little', () => [true]],
    [
      'fails',
      () => {
        throw new Error('panic');
      },
    ],
  ];
  test.each(broken)('one that %s changes no verdict', (_, confirm) => {
    const verdicts = verifyMany(bundles, { companion, checker: { confirm } });
    expect(verdicts).toEqual(verifyMany(bundles, { companion }));
    expect(verdicts.map(({ code }) => code)).toEqual([undefined, 'QP7505', undefined]);
  });

  test('it is given the proofs of a key together, and no proof whose other checks failed', () => {
    const asked: number[] = [];
    const confirm: ProofChecker['confirm'] = (_, proofs) => {
      asked.push(proofs.length);
      return proofs.map(() => true);
    };
    verifyMany([...bundles, '{'], { companion, checker: { confirm } });
    expect(asked).toEqual([3]);
  });
});
