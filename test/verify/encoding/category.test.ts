import { expect, test } from 'vitest';
import { categoryEncoding } from '../../../src/verify/encoding/category.ts';

const values = ['car', 'education', 'unknown'];
const refused = categoryEncoding({ values, unknown: 'refused' });
const coded = categoryEncoding({ values, unknown: 'coded' });

test('the index of the text', () => {
  for (const [index, value] of values.entries()) {
    expect(refused.encode(value)).toEqual({ integer: index, deviation: 0 });
    expect(refused.decode(index)).toEqual({ kind: 'text', text: value });
  }
  expect([refused.max, coded.max, refused.step(0)]).toEqual([2, 3, undefined]);
});

test('an unknown text is refused, or gets a code that decodes to unknown', () => {
  for (const text of ['Car', 'car ', '__proto__', '']) {
    expect(() => refused.encode(text), text).toThrow('QP7605');
    expect(coded.encode(text)).toEqual({ integer: 3, deviation: 0 });
  }
  expect(coded.decode(3)).toEqual({ kind: 'unknown' });
  expect(coded.decode(2)).toEqual({ kind: 'text', text: 'unknown' });
});

test('a number is not a category', () => {
  expect(() => coded.encode(1)).toThrow('QP7605');
});
