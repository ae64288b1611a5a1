import {
  type BundleV2,
  bundleInReceipt,
  fileJson,
  findDuplicates,
  type OpeningV2,
  parseBundle,
  prepareModel,
  RECEIPT_CLOSE,
  RECEIPT_OPEN,
  type RowValue,
  type Verdict,
  type VerifyOptions,
  verifyBundle,
  verifyMany,
} from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { assembleBundleV2, packBundle } from '../../../src/bundle/assemble-bundle.ts';
import { makeOpeningV2 } from '../../../src/bundle/make-opening.ts';
import { digestBundle, digestRecord } from '../support/corpus.ts';
import { rerandomise } from '../support/many.ts';
import { CONTEXT_ID, MixedModel, ORDER_7, publicMixed, ROW, SALT } from '../support/mixed-model.ts';
import { BUNDLE, MODEL, OPENING, vector } from '../support/spec-example.ts';

const mixed = new MixedModel();
const open = new MixedModel({ interface: publicMixed });
const bundle = mixed.bundle();
const opening = makeOpeningV2(mixed.record, { index: 3, values: mixed.values, salt: SALT, input: ROW });

const failed = ({ checks }: Verdict) =>
  checks.find(({ status }) => status === 'fail' || status === 'missing');
const outcome = (verdict: Verdict) => (verdict.valid ? 'valid' : `${failed(verdict)?.id} ${verdict.code}`);
const ask = (value: BundleV2, options: VerifyOptions = {}) => outcome(verifyBundle(fileJson(value), options));

describe('the example of SPEC.md, section 20', () => {
  const companion = prepareModel(MODEL);
  const options = {
    model: vector('model id'),
    context: ORDER_7,
    input: { opening: OPENING, row: [5.1, 2.5, 3, 1.1] },
  };
  const verdict = verifyBundle(BUNDLE, { ...options, companion });

  test('is valid, with every question answered', () => {
    expect(verdict).toMatchObject({ accepted: true, open: [], version: 2, row: 0 });
    expect(verdict.headline).toMatch(
      /^Valid for model "iris-mlp" \(.*…\); DEVELOPMENT setup; quality not judged$/,
    );
    expect(verifyBundle(BUNDLE, { ...options, companion: MODEL })).toEqual(verdict);
  });

  test('has the ids given there, and lists what was not checked', () => {
    expect(verdict).toMatchObject({
      identity: vector('record id'),
      recordId: vector('record id'),
      statementDigest: vector('statement digest'),
      leaf: vector('leaf'),
    });
    expect(verdict.unchecked.map(({ path }) => path)).toEqual(['sidecars.logProof']);
    expect(verdict.quality).toEqual({ kind: 'not-judged', rows: 45 });
  });

  test('has the checks of section 16, in order', () => {
    expect(verdict.checks.map(({ id }) => id)).toEqual([
      'format',
      'model-record',
      'interface',
      'statement',
      'binding',
      'sidecars',
      'model',
      'key',
      'setup',
      'signals',
      'context',
      'input',
      'points',
      'proof',
    ]);
  });

  test('gives the distance of the row from the proved values', () => {
    const detail = verdict.checks.find(({ id }) => id === 'input')?.detail;
    expect(detail).toContain('farthest: petal length, 0.0903 cm from it (step 0.226 cm)');
    expect(verdict.distance?.feature).toBe(2);
    expect(verdict.features?.[0]).toMatchObject({
      part: 'input',
      name: 'sepal length',
      unit: 'cm',
      given: 5.1,
    });
    expect(verdict.answers).toEqual([
      { name: 'label', answer: { kind: 'label', index: 1, name: 'versicolor' } },
    ]);
    expect(verdict.answer).toEqual(verdict.answers?.[0]?.answer);
  });

  test('is refused without its model record', () => {
    expect(outcome(verifyBundle(BUNDLE))).toBe('model-record QP7101');
  });

  test('is also read from a receipt', () => {
    const page = `<html>${RECEIPT_OPEN}${btoa(BUNDLE)}${RECEIPT_CLOSE}</html>`;
    expect(new TextDecoder().decode(bundleInReceipt(page))).toBe(BUNDLE);
    expect(verifyBundle(page, { companion }).valid).toBe(true);
  });
});

describe('every kind of output and encoding', () => {
  const verdict = verifyBundle(fileJson(bundle), { input: { opening: fileJson(opening), row: ROW } });

  test('answers', () => {
    expect(outcome(verdict)).toBe('valid');
    expect(verdict.answers).toEqual([
      { name: 'decision', answer: { kind: 'decision', value: true, threshold: '0.5', name: 'granted' } },
      { name: 'band', answer: { kind: 'category', index: 2, value: 'C' } },
      {
        name: 'score',
        answer: {
          kind: 'logits',
          values: [{ value: (131071 - 40000) * 0.0009765625 }],
          head: 'sigmoid',
          unit: 'log odds',
        },
      },
      {
        name: 'reasons',
        answer: {
          kind: 'logits',
          values: [
            { name: 'income', value: -5.12 },
            { name: 'age', value: 5.11 },
            { name: 'duration', value: 0 },
          ],
          head: 'none',
        },
      },
    ]);
  });

  test('features', () => {
    expect(verdict.features?.slice(0, 4)).toEqual([
      {
        part: 'amount',
        unit: 'EUR',
        value: { kind: 'number', number: Math.fround(0.1) },
        step: 7.450580596923828e-9,
        given: 0.1,
        distance: 1.4901161138336505e-9,
        deviation: 0.19999999925494194,
      },
      { part: 'months', value: { kind: 'number', number: 5 }, step: 1, given: 5, distance: 0, deviation: 0 },
      { part: 'purpose', value: { kind: 'unknown' }, given: 'boat', deviation: 0 },
      {
        part: 'history',
        value: { kind: 'number', number: 1.5 },
        step: 0.5,
        given: 1.3,
        distance: 0.19999999999999996,
        deviation: 0.3999999999999999,
      },
    ]);
  });

  test('of a public input, without a question', () => {
    const shown = verifyBundle(fileJson(open.bundle()));
    expect(outcome(shown)).toBe('valid');
    expect(shown.open).toEqual(['interface-not-pinned', 'context-not-checked']);
    expect(shown.features?.[2]).toEqual({ part: 'purpose', value: { kind: 'unknown' } });
    expect(shown.distance).toBeUndefined();
  });
});

describe('signals outside their range', () => {
  test.each([
    ['label', 0, 2n],
    ['category', 1, 3n],
    ['score', 2, 131072n],
    ['vector', 4, 1024n],
    ['context', 7, 2n ** 248n],
  ])('%s', (_, index, value) => {
    expect(ask(mixed.bundle(mixed.signals().with(index, value)))).toBe('signals QP7403');
  });

  test.each([
    ['rank32', 6, 4278190080n, 'valid'],
    ['rank32, NaN refused', 6, 4278190081n, 'signals QP7403'],
    ['integer', 7, 128n, 'signals QP7403'],
    ['category, unknown coded', 8, 4n, 'signals QP7403'],
    ['affine of the first group', 9, 256n, 'signals QP7403'],
    ['affine of the second group', 21, 32n, 'signals QP7403'],
  ])('public %s', (_, index, value, expected) => {
    expect(ask(open.bundle(open.signals().with(index, value)))).toBe(expected);
  });
});

describe('the input', () => {
  const changed = (change: Partial<OpeningV2>) => fileJson({ ...opening, ...change });
  const withRow = (...changes: [number, RowValue][]) =>
    changes.reduce<RowValue[]>((row, [index, value]) => row.with(index, value), [...ROW]);
  const { input: _, row: _row, ...bare } = opening;

  test.each<[string, VerifyOptions['input'] & { tolerance?: number }, string]>([
    ['its opening', { opening: fileJson(opening) }, 'valid'],
    ['an opening without row and input', { opening: fileJson(bare) }, 'valid'],
    ['another unknown text', { opening: fileJson(opening), row: withRow([2, 'ship']) }, 'valid'],
    ['another category', { opening: fileJson(opening), row: withRow([2, 'other']) }, 'input QP7604'],
    [
      'the next float',
      { opening: fileJson(opening), row: withRow([0, 0.10000000894069672]) },
      'input QP7604',
    ],
    ['a fraction', { opening: fileJson(opening), row: withRow([1, 5.5]) }, 'input QP7605'],
    ['an index', { opening: fileJson(opening), row: withRow([2, 1]) }, 'input QP7605'],
    ['beyond the range', { opening: fileJson(opening), row: withRow([3, 500]) }, 'input QP7605'],
    ['a short row', { opening: fileJson(opening), row: ROW.slice(1) }, 'input QP7605'],
    ['a row without an opening', { row: ROW }, 'input QP7606'],
    ['another salt', { opening: changed({ salt: '1' }) }, 'input QP7603'],
    ['a value above its max', { opening: changed({ values: mixed.values.with(2, 4) }) }, 'input QP7603'],
    [
      'an input that is not a real',
      { opening: changed({ input: opening.input!.with(3, '1.30') }) },
      'input QP7603',
    ],
    [
      'the input of another row',
      { opening: changed({ input: opening.input!.with(1, '6') }) },
      'input QP7603',
    ],
    ['an opening of version 1', { opening: OPENING.replace('opening/v2', 'opening/v1') }, 'input QP7010'],
    ['within a tolerance', { opening: fileJson(opening), tolerance: 0.45 }, 'valid'],
    ['beyond a tolerance', { opening: fileJson(opening), tolerance: 0.25 }, 'input QP7607'],
    [
      'the row counts, not the input of the opening',
      { opening: fileJson(opening), row: ROW.map((x) => (x === 1.3 ? 1.5 : x)), tolerance: 0.25 },
      'valid',
    ],
    ['nothing to measure', { opening: fileJson(bare), tolerance: 0.5 }, 'input QP7608'],
    ['a tolerance alone', { tolerance: 0.5 }, 'input QP7608'],
  ])('%s', (_name, { tolerance, ...input }, expected) => {
    expect(ask(bundle, { input, ...(tolerance !== undefined && { tolerance }) })).toBe(expected);
  });

  test.each<[string, VerifyOptions, string]>([
    ['its row', { input: { row: ROW } }, 'valid'],
    ['another row', { input: { row: withRow([1, 6]) } }, 'input QP7604'],
    ['an opening', { input: { opening: fileJson(opening) } }, 'input QP7603'],
    ['an opening beside the row', { input: { opening: fileJson(opening), row: ROW } }, 'input QP7603'],
    ['beyond a tolerance', { input: { row: ROW }, tolerance: 0.25 }, 'input QP7607'],
  ])('public: %s', (_name, options, expected) => {
    expect(ask(open.bundle(), options)).toBe(expected);
  });
});

describe('the context', () => {
  const both = mixed.inContext(ORDER_7);

  test('with both parts', () => {
    const verdict = verifyBundle(fileJson(both), { context: ORDER_7 });
    expect(outcome(verdict)).toBe('valid');
    expect(verdict.contextId).toBe(CONTEXT_ID);
    expect(ask(both, { context: new TextEncoder().encode('order 8') })).toBe('context QP7602');
    expect(ask(mixed.inContext(new Uint8Array()), { context: new Uint8Array() })).toBe('valid');
  });

  test('dropped, added or changed parts fail when the context is asked for', () => {
    const signals = both.publicSignals.map(BigInt);
    expect(ask(mixed.bundle(signals), { context: ORDER_7 })).toBe('context QP7602');
    const other = { contextId: '02'.repeat(32) };
    expect(ask(mixed.bundle(signals, other), { context: ORDER_7 })).toBe('context QP7602');
    const added = mixed.bundle(mixed.signals(), { contextId: CONTEXT_ID });
    expect(ask(added, { context: new Uint8Array() })).toBe('context QP7602');
    expect(ask(added)).toBe('valid');
  });

  test('the record’s part does not count as the caller’s', () => {
    const joined = new Uint8Array([...Buffer.from(CONTEXT_ID, 'hex'), ...ORDER_7]);
    expect(ask(both, { context: joined })).toBe('context QP7602');
  });
});

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
