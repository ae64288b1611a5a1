import {
  type BundleV2,
  fileJson,
  findDuplicates,
  parseBundle,
  prepareModel,
  type VerifyOptions,
  verifyBundle,
  verifyMany,
} from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { assembleBundleV2, packBundle } from '../../../../src/bundle/assemble-bundle.ts';
import { digestBundle, digestRecord } from '../../support/corpus.ts';
import { rerandomise } from '../../support/many.ts';
import { ask, bundle, mixed, open } from '../../support/mixed-bundles.ts';
import { CONTEXT_ID, MixedModel, ORDER_7 } from '../../support/mixed-model.ts';
import { outcome } from '../../support/outcome.ts';
import { BUNDLE, MODEL } from '../../support/spec-example.ts';

describe('versions do not mix', () => {
  const v1 = digestBundle();

  test('in files', () => {
    const { model: _, ...thin } = bundle;
    const { model: _v1, ...thinV1 } = v1;
    expect(ask({ ...bundle, model: v1.model as never })).toBe('format QP7010');
    expect(ask(thin as never, { companion: fileJson(v1.model) })).toBe('model-record QP7010');
    expect(ask(thin as never, { companion: prepareModel(fileJson(v1.model)) })).toBe('model-record QP7010');
    expect(ask(thinV1 as never, { companion: fileJson(mixed.record) })).toBe('model-record QP7010');
    expect(ask({ ...bundle, statement: v1.statement })).toBe('statement QP7010');
    expect(ask({ ...bundle, version: 'quietproof/bundle/v3', A: 1 } as never)).toBe('format QP7010');
  });

  test('a reader of version 1 names the version that it found', () => {
    expect(() => parseBundle(fileJson(bundle))).toThrow('QP7010');
    expect(() => parseBundle(BUNDLE)).toThrow('QP7010');
  });

  test('verified together, both give the same verdicts as alone', () => {
    const texts = [fileJson(v1), fileJson(bundle), fileJson(mixed.bundle()), fileJson(digestBundle(1))];
    const verdicts = verifyMany(texts, { anyModel: true });
    expect(verdicts).toEqual(texts.map((text) => verifyBundle(text, { anyModel: true })));
    expect(verdicts.map(({ accepted, version }) => [accepted, version])).toEqual([
      [true, 1],
      [true, 2],
      [true, 2],
      [true, 1],
    ]);
    expect(verdicts[0]).toMatchObject({ unchecked: [] });
    expect(verdicts[0]!.checks.map(({ id }) => id)).not.toContain('sidecars');
    expect(verdicts[0]!.statementDigest).toBeUndefined();
    expect(digestRecord().version).toBe('quietproof/model/v1');
  });
});

describe('identity', () => {
  const reseal = (value: BundleV2, model: MixedModel, own: { contextId?: string } = {}) => {
    const { proof, publicSignals } = value;
    return packBundle(assembleBundleV2(model.record, { proof, publicSignals, ...own }), model.record);
  };
  const duplicates = (values: readonly BundleV2[], options: VerifyOptions = {}) =>
    findDuplicates(verifyMany(values.map(fileJson), options)).map(({ places, why }) => [places, why]);

  test('row and proof bytes do not change the record', () => {
    const again = { ...bundle, row: { index: 41 }, proof: rerandomise(bundle.proof, 7n) };
    expect(duplicates([bundle, again])).toEqual([[[0, 1], 'copies']]);
  });

  test('another salt is the same record, resealed', () => {
    const again = reseal(bundle, mixed);
    const [first, second] = verifyMany([fileJson(bundle), fileJson(again)]);
    expect(second?.recordId).toBe(first?.recordId);
    expect(second?.statementDigest).not.toBe(first?.statementDigest);
    expect(duplicates([bundle, again])).toEqual([[[0, 1], 'resealed']]);
  });

  test('public inputs need a checked context id to be told apart', () => {
    const plain = open.bundle();
    expect(duplicates([plain, reseal(plain, open)])).toEqual([[[0, 1], 'cannot be told apart']]);
    const own = open.inContext(ORDER_7);
    const pair = [own, reseal(own, open, { contextId: CONTEXT_ID })];
    expect(duplicates(pair)).toEqual([[[0, 1], 'cannot be told apart']]);
    expect(duplicates(pair, { context: ORDER_7 })).toEqual([[[0, 1], 'resealed']]);
  });

  test('another answer or another model is another record', () => {
    const other = mixed.bundle(mixed.signals().with(0, 0n));
    const judged = new MixedModel({ quality: { kind: 'not-judged', rows: 46 } });
    expect(duplicates([bundle, other, judged.bundle()])).toEqual([]);
  });
});

describe('claims of a model record', () => {
  test('the headline names an accepted loss', () => {
    const contract = { flips: '0.005', error: '0.01' };
    const quality = { kind: 'loss-accepted', contract, rows: 45, error: '0.02' } as const;
    const verdict = verifyBundle(fileJson(new MixedModel({ quality }).bundle()));
    expect(verdict.headline).toContain('; loss accepted; ');
    expect(verdict.quality).toEqual(quality);
  });

  test('a quality that contradicts itself is refused with the interface', () => {
    const quality = { kind: 'judged', contract: { flips: '0', error: '0' }, rows: 5, error: '1' } as const;
    expect(() => new MixedModel({ quality })).toThrow('QP7107');
  });

  test('a transcript that is named but not included is listed as not checked', () => {
    const contributions = [{ name: 'a', hash: 'ab', kind: 'contribution' } as const];
    const setup = { kind: 'ceremony', contributions, transcript: '0'.repeat(64) } as const;
    const verdict = verifyBundle(fileJson(new MixedModel({ setup }).bundle()));
    expect(outcome(verdict)).toBe('valid');
    expect(verdict.unchecked).toEqual([{ path: 'model.setup.transcript' }]);
    const beacon = { ...setup, contributions: [{ ...contributions[0]!, kind: 'beacon' } as const] };
    expect(() => new MixedModel({ setup: beacon })).toThrow('QP7106');
  });

  test('a sidecar about something else is refused, and removing one changes nothing', () => {
    const about = { what: 'statement', sha256: '0'.repeat(64) } as const;
    const wrong = { ...bundle, sidecars: { logProof: { about, type: 'a/b', content: 'YQ==' } } };
    expect(ask(wrong)).toBe('sidecars QP7208');
    const { sidecars: _, ...bare } = JSON.parse(BUNDLE) as BundleV2;
    const [first, second] = [BUNDLE, fileJson(bare)].map((text) => verifyBundle(text, { companion: MODEL }));
    expect(second).toMatchObject({
      valid: true,
      identity: first!.identity,
      leaf: first!.leaf,
      unchecked: [],
    });
  });
});
