import { fileJson, verifyBundle } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { ask, bundle, mixed, open, opening } from '../../support/mixed-bundles.ts';
import { ROW } from '../../support/mixed-model.ts';
import { outcome } from '../../support/outcome.ts';

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
        rounds: 'to-float32',
        given: 0.1,
        distance: 1.4901161138336505e-9,
        deviation: 0.19999999925494194,
      },
      {
        part: 'months',
        value: { kind: 'number', number: 5 },
        step: 1,
        rounds: 'never',
        given: 5,
        distance: 0,
        deviation: 0,
      },
      { part: 'purpose', value: { kind: 'unknown' }, rounds: 'never', given: 'boat', deviation: 0 },
      {
        part: 'history',
        value: { kind: 'number', number: 1.5 },
        step: 0.5,
        rounds: 'to-steps',
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
    expect(shown.features?.[2]).toEqual({ part: 'purpose', value: { kind: 'unknown' }, rounds: 'never' });
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
