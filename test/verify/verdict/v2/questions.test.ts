import {
  fileJson,
  type OpeningV2,
  type RowValue,
  type VerifyOptions,
  verifyBundle,
} from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { ask, bundle, mixed, open, opening } from '../../support/mixed-bundles.ts';
import { CONTEXT_ID, ORDER_7, ROW } from '../../support/mixed-model.ts';
import { outcome } from '../../support/outcome.ts';
import { OPENING } from '../../support/spec-example.ts';

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
