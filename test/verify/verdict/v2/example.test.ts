import { bundleInReceipt, prepareModel, RECEIPT_CLOSE, RECEIPT_OPEN, verifyBundle } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { ORDER_7 } from '../../support/mixed-model.ts';
import { outcome } from '../../support/outcome.ts';
import { BUNDLE, MODEL, OPENING, vector } from '../../support/spec-example.ts';

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
      'seal',
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
