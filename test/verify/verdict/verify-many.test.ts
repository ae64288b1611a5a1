import { bn254 } from '@noble/curves/bn254.js';
import {
  fileJson,
  findDuplicates,
  type ManyItem,
  parseBundle,
  prepareModel,
  type ThinBundle,
  verifyBundle,
  verifyMany,
} from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { assembleBundle, packBundle } from '../../../src/bundle/assemble-bundle.ts';
import {
  digestBundle,
  digestFixture,
  digestRecord,
  publicBundle,
  publicFixture,
  publicRecord,
} from '../support/corpus.ts';
import { manyBundles, rerandomise } from '../support/many.ts';
import { withB as movedB, withC as movedC, smallOrderPoint, twistPoint } from '../support/points.ts';

const record = digestRecord();
const companion = prepareModel(fileJson(record));
const good = manyBundles(record, 80);

const change = (text: string, edit: (bundle: ThinBundle) => ThinBundle) =>
  fileJson(edit(parseBundle(text) as ThinBundle));

/** The bundle with C moved by k·G1: well formed, but the equation fails. */
function withC(text: string, k: bigint): string {
  return change(text, (bundle) => ({ ...bundle, proof: movedC(bundle.proof, k) }));
}

const failing = (bundles: readonly (string | ManyItem)[]) =>
  verifyMany(bundles, { companion })
    .map(({ valid, code }, place) => (valid ? undefined : `${place} ${code}`))
    .filter((line) => line !== undefined);

describe('verifyMany', () => {
  test('gives each bundle the verdict that verifyBundle gives', () => {
    const bundles = [...good.slice(0, 9), withC(good[9]!, 5n), '{', good[10]!.replace('"1"', '"2"')];
    const options = { companion, model: record.ids.modelId, context: new Uint8Array() };
    expect(verifyMany(bundles, options)).toEqual(bundles.map((text) => verifyBundle(text, options)));
  });

  test('accepts many good bundles, and finds the bad ones among them', () => {
    expect(failing(good)).toEqual([]);
    const bad = [...good];
    for (const place of [0, 41, 79]) bad[place] = withC(good[place]!, 3n);
    expect(failing(bad)).toEqual(['0 QP7505', '41 QP7505', '79 QP7505']);
  });

  test('finds all bundles if all are bad', () => {
    expect(failing(good.slice(0, 10).map((text) => withC(text, 9n)))).toHaveLength(10);
  });

  test('finds errors that cancel each other', () => {
    const bundles = [...good.slice(0, 20)];
    bundles[4] = withC(good[4]!, 7n);
    bundles[5] = withC(good[5]!, bn254.fields.Fr.ORDER - 7n);
    expect(failing(bundles)).toEqual(['4 QP7505', '5 QP7505']);
  });

  test('finds components of order 10069 that cancel each other', () => {
    const small = smallOrderPoint(twistPoint());
    const withB = (text: string, part: typeof small) =>
      change(text, (bundle) => ({ ...bundle, proof: movedB(bundle.proof, part) }));
    const bundles = [...good.slice(0, 8)];
    bundles[1] = withB(good[1]!, small);
    bundles[2] = withB(good[2]!, small.negate());
    expect(failing(bundles)).toEqual(['1 QP7503', '2 QP7503']);
  });

  test('finds a proof with the signals of another', () => {
    const [first, second] = [parseBundle(good[0]!), parseBundle(good[1]!)] as [ThinBundle, ThinBundle];
    const row = { index: 7 };
    const swapped = fileJson(
      assembleBundle(record, { proof: first.proof, publicSignals: second.publicSignals, row }),
    );
    expect(failing([...good.slice(2, 9), swapped])).toEqual(['7 QP7505']);
  });

  test('groups by key: models mixed, packed and thin', () => {
    const packed = [0, 1, 0, 1].flatMap((index) => [digestBundle(index), publicBundle(index)]).map(fileJson);
    const bundles: (string | ManyItem)[] = [...packed, ...good.slice(0, 4)];
    const verdicts = verifyMany(bundles, { companion, anyModel: true });
    expect(verdicts.map(({ accepted }) => accepted)).toEqual(bundles.map(() => true));
    expect(new Set(verdicts.map(({ model }) => model?.name))).toEqual(new Set(['digits', 'scores']));
  });

  test('the companion of a bundle takes precedence over the one in the options', () => {
    const other = digestRecord(
      { ...record.setup, contributions: [] },
      digestFixture.otherSetup.verificationKey,
    );
    const [wrong, right] = verifyMany(
      [{ source: good[0]!, companion: fileJson(other) }, { source: good[0]! }],
      { companion },
    );
    expect([wrong?.code, right?.valid]).toEqual(['QP7202', true]);
  });

  test('returns no verdicts for no bundles', () => {
    expect(verifyMany([])).toEqual([]);
  });
});

describe('findDuplicates', () => {
  test('a re-randomised proof is the same record, and an invalid one is not a record', () => {
    const bundle = packBundle(
      assembleBundle(record, { ...digestFixture.proofs[0]!, row: { index: 3 } }),
      record,
    );
    const again = { ...bundle, proof: rerandomise(bundle.proof, 77n) };
    const texts = [fileJson(bundle), good[0]!, fileJson(again), withC(good[1]!, 2n), withC(good[1]!, 2n)];
    const verdicts = verifyMany(texts, { companion });
    const { identity } = verdicts[0]!;
    // Another row index is the same proof under another statement.
    expect(findDuplicates(verdicts)).toEqual([{ identity, places: [0, 1, 2], why: 'resealed' }]);
    const pair = [verdicts[0]!, verdicts[2]!];
    expect(findDuplicates(pair)).toEqual([{ identity, places: [0, 1], why: 'copies' }]);
  });

  test('for a public input, resealing and a second request cannot be told apart', () => {
    const sealed = [0, 1].map((index) =>
      packBundle(
        assembleBundle(publicRecord(), { ...publicFixture.proofs[0]!, row: { index } }),
        publicRecord(),
      ),
    );
    const verdicts = verifyMany([...sealed, publicBundle(1)].map(fileJson));
    const { identity } = verdicts[0]!;
    expect(findDuplicates(verdicts)).toEqual([{ identity, places: [0, 1], why: 'cannot be told apart' }]);
  });
});
