import { describe, expect, test } from 'vitest';
import { affineEncoding, gappedEncoding, roundV1, roundV2 } from '../../../src/verify/encoding/affine.ts';

const unit = affineEncoding({ offset: 0, step: 1, max: 31 }, roundV2);

describe('rounding of version 2', () => {
  test.each([
    [0.5, 1],
    [0.49999999999999994, 0],
    [1.5, 2],
    [2.5, 3],
    [-0.4, 0],
    [-0.5, 0],
    [31.49, 31],
    [-0, 0],
  ])('%s is %s', (x, integer) => {
    const encoded = unit.encode(x);
    expect(encoded.integer).toBe(integer);
    expect(encoded.deviation).toBe(Math.abs(x - integer));
  });

  test('no value moves by more than half a step', () => {
    for (let k = 0; k < 52; k += 1) {
      const v = 2 ** k - 2 ** (k - 53);
      expect(Math.abs(roundV2(v) - v)).toBeLessThanOrEqual(0.5);
    }
  });

  test('differs from version 1 where its sum is rounded', () => {
    expect([roundV1(0.49999999999999994), roundV2(0.49999999999999994)]).toEqual([1, 0]);
  });
});

test.each([-0.6, 31.5, 32, Number.NaN, Number.POSITIVE_INFINITY, '1', 'Infinity'])('%s is refused', (x) => {
  expect(() => unit.encode(x)).toThrow('QP7605');
});

test('decodes in the specified order of operations', () => {
  const tenths = affineEncoding({ offset: 0, step: 0.1, max: 15 }, roundV2);
  expect(tenths.decode(3)).toEqual({ kind: 'number', number: 0.30000000000000004 });
  expect(tenths.step(3)).toBe(0.1);
});

test('reads only reals in their shortest form', () => {
  expect(unit.parse('1e-7')).toBe(1e-7);
  for (const text of ['5.10', '+1', '1e7', '-0', 'NaN', '', ' 1', '0x1']) {
    expect(() => unit.parse(text), text).toThrow('QP7605');
  }
});

describe('a feature that may be missing', () => {
  const gapped = gappedEncoding({ offset: 0, step: 0.5, max: 31 }, roundV2);

  test('has its last integer for a missing value alone', () => {
    expect(gapped.encode('NaN')).toEqual({ integer: 31, deviation: 0 });
    expect(gapped.decode(31)).toEqual({ kind: 'text', text: 'NaN' });
    expect([gapped.max, gapped.step(31), gapped.step(30)]).toEqual([31, undefined, 0.5]);
    expect(gapped.encode(15.2)).toEqual({ integer: 30, deviation: expect.closeTo(0.4) });
    expect(gapped.decode(30)).toEqual({ kind: 'number', number: 15 });
    expect([gapped.parse('NaN'), gapped.parse('1.5')]).toEqual(['NaN', 1.5]);
  });

  test.each([15.25, 15.5, -0.3, Number.NaN, 'Infinity', 'nan', ''])('%s is refused', (x) => {
    expect(() => gapped.encode(x)).toThrow('QP7605');
  });

  test.each(['nan', 'NaN ', 'Infinity', '01'])('an opening does not say %s', (text) => {
    expect(() => gapped.parse(text)).toThrow('QP7605');
  });
});
