import { canonicalJson, fileJson } from '@quietproof/verify';
import { expect, test } from 'vitest';

test('keys are sorted by code unit, without white space', () => {
  expect(canonicalJson({ b: [1, 'x', null, true], a: { d: -1, C: '' }, Z: 0 })).toBe(
    '{"Z":0,"a":{"C":"","d":-1},"b":[1,"x",null,true]}',
  );
  // U+1F600 is written with code units d83d de00, below U+FFFD.
  expect(canonicalJson({ '\ufffd': 1, '😀': 2 })).toBe('{"😀":2,"\ufffd":1}');
  expect(canonicalJson('a"\\\n\u001fé')).toBe('"a\\"\\\\\\n\\u001fé"');
});

test('the file form is canonical JSON with white space', () => {
  expect(fileJson({ b: [], a: { c: ['1', {}] } })).toBe(
    '{\n  "a": {\n    "c": [\n      "1",\n      {}\n    ]\n  },\n  "b": []\n}\n',
  );
  const sorted = { a: { b: [1, [2], {}], c: [] }, d: 'x' };
  expect(fileJson(sorted)).toBe(`${JSON.stringify(sorted, null, 2)}\n`);
});

test.each([
  [1.5],
  [-0],
  [2 ** 53],
  [Number.NaN],
  [undefined],
  [1n],
  [new Map()],
  [{ a: undefined }],
  [() => 1],
])('what has no canonical form is a bug of the caller: %s', (value) => {
  expect(() => canonicalJson(value)).toThrow(TypeError);
  expect(() => fileJson(value)).toThrow(TypeError);
});
