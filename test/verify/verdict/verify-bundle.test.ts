import { fileJson, parseBundle, prepareModel, type Verdict, verifyBundle } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { assembleBundle } from '../../../src/bundle/assemble-bundle.ts';
import { makeOpening } from '../../../src/bundle/make-opening.ts';
import {
  bundleOf,
  ceremony,
  DIGEST_SALT,
  DIGEST_VALUES,
  digestBundle,
  digestFixture,
  digestRecord,
  ORDER_7,
  publicBundle,
  publicFixture,
  publicRecord,
} from '../support/corpus.ts';

const digest = digestRecord();
const digestText = fileJson(digestBundle());
const pin = digest.ids.modelId;
const ROW = [-0.5, 0, 0.5, 1];
const opening = makeOpening(digest, { index: 0, values: DIGEST_VALUES, salt: DIGEST_SALT, input: ROW });

function statuses(verdict: Verdict): Record<string, string> {
  return Object.fromEntries(verdict.checks.map(({ id, status }) => [id, status]));
}

describe('a valid bundle', () => {
  test('without questions is valid, not pinned, and lists the open questions', () => {
    const verdict = verifyBundle(digestText);
    expect(verdict).toMatchObject({ valid: true, pinned: false, accepted: false });
    expect(verdict.open).toEqual(['interface-not-pinned', 'context-not-checked', 'input-not-opened']);
    expect(verdict.headline).toBe(
      `Holds for model "digits" (${pin.slice(0, 16)}…), but you did not say which model you expect; ` +
        'DEVELOPMENT setup; interface not pinned; context not checked; input not opened',
    );
    expect(verdict.warnings).toHaveLength(1);
    expect(verdict.answer).toEqual({ kind: 'label', index: 4, name: 'four' });
    expect(verdict.model).toEqual({ ...digest.ids, name: 'digits', setup: 'development', input: 'digest' });
  });

  test('with every question answered has no open questions', () => {
    const verdict = verifyBundle(digestText, {
      model: pin,
      context: new Uint8Array(),
      input: { row: ROW, opening: fileJson(opening) },
    });
    expect(verdict).toMatchObject({ valid: true, pinned: true, accepted: true, open: [] });
    expect(statuses(verdict)).toEqual({
      format: 'pass',
      'model-record': 'pass',
      interface: 'pass',
      statement: 'pass',
      binding: 'pass',
      model: 'pass',
      key: 'pass',
      signals: 'pass',
      context: 'pass',
      input: 'pass',
      points: 'pass',
      proof: 'pass',
      setup: 'skipped',
      signature: 'skipped',
    });
    const onGrid = (number: number) => ({
      value: { kind: 'number', number },
      step: 0.5,
      rounds: 'to-steps',
      given: number,
      distance: 0,
      deviation: 0,
    });
    expect(verdict.features).toEqual([
      { name: 'a', unit: 'mm', ...onGrid(-0.5) },
      { name: 'b', unit: 'mm', ...onGrid(0) },
      { name: 'c', unit: 'kg', ...onGrid(0.5) },
      { name: 'd', unit: 'kg', ...onGrid(1) },
    ]);
  });

  test('gives the distance of the row from the proved values', () => {
    const row = [-0.4, 0, 0.5, 1.2];
    const ask = (tolerance?: number) =>
      verifyBundle(digestText, {
        input: { row, opening: fileJson(opening) },
        ...(tolerance !== undefined && { tolerance }),
      });
    const verdict = ask();
    const detail = verdict.checks.find(({ id }) => id === 'input')?.detail;
    expect(detail).toBe(
      "What was proved is the row you gave, rounded to the model's steps; farthest: d, 0.2 kg from it (step 0.5 kg)",
    );
    expect(verdict.distance?.feature).toBe(3);
    expect(verdict.distance?.deviation).toBeCloseTo(0.4, 12);
    expect([ask(0.5).valid, ask(0.41).valid, ask(0.3).code, ask(0).code]).toEqual([
      true,
      true,
      'QP7607',
      'QP7607',
    ]);
    for (const tolerance of [-0.1, 0.6, Number.NaN]) expect(() => ask(tolerance)).toThrow(RangeError);
  });

  test('is accepted without a pin only if any model is accepted', () => {
    expect(verifyBundle(digestText, { anyModel: true })).toMatchObject({ accepted: true, pinned: false });
  });

  test('decodes logits and public inputs', () => {
    const verdict = verifyBundle(fileJson(publicBundle()), { context: new Uint8Array() });
    expect(verdict).toMatchObject({ valid: true, open: ['interface-not-pinned'], warnings: [] });
    // x = [1, 2, 3]: logits 1·2 + 15 = 17 and 2·3 + 7 = 13; real = (signal + lo) · 0.25.
    expect(verdict.answer).toEqual({
      kind: 'logits',
      head: 'softmax',
      values: [
        { name: 'no', value: 1.75 },
        { name: 'yes', value: -1.75 },
      ],
    });
    const values = verdict.features?.map(({ value }) => value);
    expect(values).toEqual([1, 11, -3.125].map((number) => ({ kind: 'number', number })));
  });

  test('is read from bytes as well as text', () => {
    expect(verifyBundle(new TextEncoder().encode(digestText)).valid).toBe(true);
  });
});

describe('the wrong question', () => {
  const failing = (verdict: Verdict) => [
    verdict.valid,
    verdict.code,
    verdict.checks.find((c) => c.status === 'fail')?.id,
  ];

  test('another model', () => {
    const verdict = verifyBundle(digestText, { model: 'f'.repeat(64) });
    expect(failing(verdict)).toEqual([false, 'QP7601', 'model']);
    // The other checks still ran: "not the expected model" differs from "not valid".
    expect(statuses(verdict).proof).toBe('pass');
    expect(verdict.accepted).toBe(false);
  });

  test('another context', () => {
    expect(failing(verifyBundle(digestText, { context: ORDER_7 }))).toEqual([false, 'QP7602', 'context']);
    const other = fileJson(digestBundle(1));
    expect(verifyBundle(other, { context: ORDER_7, model: pin }).accepted).toBe(true);
    expect(failing(verifyBundle(other, { context: new Uint8Array() }))).toEqual([false, 'QP7602', 'context']);
  });

  test.each([
    ['another salt', { ...opening, salt: '1' }, 'QP7603'],
    ['another value', { ...opening, values: [1, 2, 3, 5] }, 'QP7603'],
    ['a value beyond its width', { ...opening, values: [1, 2, 3, 256] }, 'QP7603'],
    ['too few values', { ...opening, values: [1, 2, 3] }, 'QP7603'],
    ['a row that its values do not encode', { ...opening, input: ['0', '0', '0.5', '1'] }, 'QP7603'],
    ['a digest that is not the proved one', { ...opening, digest: '1' }, 'QP7603'],
    ['a salt beyond 128 bits', { ...opening, salt: (1n << 128n).toString() }, 'QP7603'],
    ['an additional key', { ...opening, note: 'x' }, 'QP7005'],
  ])('an opening with %s', (_, bad, code) => {
    expect(failing(verifyBundle(digestText, { input: { opening: fileJson(bad) } }))).toEqual([
      false,
      code,
      'input',
    ]);
  });

  test('another row, a row that cannot be encoded', () => {
    const ask = (row: number[]) =>
      failing(verifyBundle(digestText, { input: { row, opening: fileJson(opening) } }));
    expect(ask([-0.5, 0, 0.5, 1.5])).toEqual([false, 'QP7604', 'input']);
    expect(ask([-0.5, 0, 0.5, Number.NaN])).toEqual([false, 'QP7605', 'input']);
    expect(ask([-0.5])).toEqual([false, 'QP7605', 'input']);
  });

  test('the row of a public input', () => {
    const ask = (input: object) => failing(verifyBundle(fileJson(publicBundle()), { input }));
    expect(ask({ row: [1, 11, -3.125] })).toEqual([true, undefined, undefined]);
    expect(ask({ row: [2, 11, -3.125] })).toEqual([false, 'QP7604', 'input']);
    expect(ask({ opening: fileJson(opening) })).toEqual([false, 'QP7603', 'input']);
  });
});

describe('thin bundles', () => {
  const thin = fileJson(assembleBundle(digest, { ...digestFixture.proofs[0]!, row: { index: 0 } }));

  test('need their model record', () => {
    expect(verifyBundle(thin)).toMatchObject({ valid: false, code: 'QP7101' });
    expect(verifyBundle(thin, { companion: fileJson(digest), model: pin }).accepted).toBe(true);
    expect(verifyBundle(thin, { companion: prepareModel(fileJson(digest)), model: pin }).accepted).toBe(true);
  });

  test('are refused with the record of another model or another setup', () => {
    expect(verifyBundle(thin, { companion: fileJson(publicRecord()) }).code).toBe('QP7202');
    expect(verifyBundle(thin, { companion: prepareModel(fileJson(digestRecord(ceremony))) }).code).toBe(
      'QP7202',
    );
    expect(verifyBundle(thin, { companion: '{' }).code).toBe('QP7001');
  });

  test('have the same record id as when packed', () => {
    const packed = verifyBundle(digestText);
    expect(verifyBundle(thin, { companion: fileJson(digest) }).recordId).toBe(packed.recordId);
  });
});

test('many packed bundles share a prepared key', () => {
  const keys = new Map();
  expect(verifyBundle(digestText, { keys }).valid).toBe(true);
  expect(verifyBundle(fileJson(digestBundle(1)), { keys }).valid).toBe(true);
  expect([...keys.keys()]).toEqual([digest.ids.keyId]);
  const other = bundleOf(publicRecord(), publicFixture, 1);
  expect(verifyBundle(fileJson(other), { keys }).valid).toBe(true);
});

test('the record id does not depend on the proof bytes: (−A, −B, C) is the same record', () => {
  const Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
  const minus = (y: string) => (Q - BigInt(y)).toString();
  const bundle = structuredClone(parseBundle(digestText)) as ReturnType<typeof digestBundle>;
  const { pi_a, pi_b } = bundle.proof;
  const proof = {
    ...bundle.proof,
    pi_a: [pi_a[0], minus(pi_a[1]), '1'],
    pi_b: [pi_b[0], pi_b[1].map(minus), pi_b[2]],
  };
  const [first, second] = [verifyBundle(digestText), verifyBundle(fileJson({ ...bundle, proof }))];
  expect(second.valid).toBe(true);
  expect(second.recordId).toBe(first.recordId);
});

test('nothing is decoded from a bundle that is not valid', () => {
  const verdict = verifyBundle(digestText, { model: 'f'.repeat(64) });
  expect(verdict.answer).toBeUndefined();
  expect(verdict.features).toBeUndefined();
});
