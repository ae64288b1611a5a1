import { expect, test } from 'vitest';
import { integerEncoding } from '../../../src/verify/encoding/integer.ts';

const months = integerEncoding({ lo: -5, max: 100 });

test('counts from lo', () => {
  expect(months.encode(-5)).toEqual({ integer: 0, deviation: 0 });
  expect(months.encode(95)).toEqual({ integer: 100, deviation: 0 });
  expect(months.decode(5)).toEqual({ kind: 'number', number: 0 });
  expect(months.encode(months.parse('7')).integer).toBe(12);
  expect([months.step(3), months.max]).toEqual([1, 100]);
  expect(Object.is(integerEncoding({ lo: 0, max: 1 }).encode(-0).integer, 0)).toBe(true);
});

test.each([-6, 96, 5.5, 9007199254740992, Number.NaN, '5'])('%s is refused', (x) => {
  expect(() => months.encode(x)).toThrow('QP7605');
});

test('at the ends of the safe integers', () => {
  const limit = Number.MAX_SAFE_INTEGER;
  const low = integerEncoding({ lo: -limit, max: limit });
  expect(low.encode(-limit).integer).toBe(0);
  expect(low.encode(0).integer).toBe(limit);
  expect(() => low.encode(limit)).toThrow('QP7605');
});
