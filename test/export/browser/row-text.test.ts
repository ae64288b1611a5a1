import { expect, test } from 'vitest';
import { FieldError } from '../../../src/export/browser/page/field-error.ts';
import { parseRowText } from '../../../src/export/browser/page/row-text.ts';

test.each<[string, unknown[]]>([
  ['', []],
  ['1 2', [1, 2]],
  ['-0.5, 0;1e-3\n+7', [-0.5, 0, 0.001, 7]],
  ['[1, -0.5, "car"]', [1, -0.5, 'car']],
  ['5 car 0.5', [5, 'car', 0.5]],
  ['5, "new car", "7"', [5, 'new car', '7']],
  ['"say \\"a, b\\"" 1', ['say "a, b"', 1]],
  ['Infinity -Infinity NaN', ['Infinity', '-Infinity', 'NaN']],
  ['1e400', [Number.POSITIVE_INFINITY]],
  ['6,1169, ... < 0 DM ,"radio, tv",,own', [6, 1169, '... < 0 DM', 'radio, tv', '', 'own']],
  ['1, 2 3,', [1, 2, 3, '']],
  // What no model takes reaches the verifier, which says so.
  ['[null, true]', [null, true]],
])('%j is read', (text, row) => {
  expect(parseRowText(text)).toEqual(row);
});

test.each(['[1 2]', '[1', '"open', '1 "\\x"', '1 2 "', '1,a "b",2'])('%j is refused', (text) => {
  expect(() => parseRowText(text)).toThrow(FieldError);
});
