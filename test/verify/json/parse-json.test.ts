import { MAX_DEPTH, MAX_SIZE, type RefusalCode } from '@quietproof/verify';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, fileJson } from '../../../src/verify/json/canonical-json.ts';
import { type Json, parseJson } from '../../../src/verify/json/parse-json.ts';
import { Refusal } from '../../../src/verify/refusal.ts';

/** The parsed value as plain objects, for comparison with JSON.parse. */
function plain(json: Json): unknown {
  if (Array.isArray(json)) return json.map(plain);
  if (json instanceof Map) return Object.fromEntries([...json].map(([key, value]) => [key, plain(value)]));
  return json;
}

function codeOf(source: string | Uint8Array): RefusalCode | 'accepted' {
  try {
    parseJson(source);
    return 'accepted';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

test.each<[string, RefusalCode]>([
  ['', 'QP7001'],
  ['{', 'QP7001'],
  ['{"a":1,}', 'QP7001'],
  ['[1,]', 'QP7001'],
  ['[1 2]', 'QP7001'],
  ['{"a" 1}', 'QP7001'],
  ['{a:1}', 'QP7001'],
  ["{'a':1}", 'QP7001'],
  ['nul', 'QP7001'],
  ['"a', 'QP7001'],
  ['"\t"', 'QP7001'],
  ['"\\x41"', 'QP7001'],
  ['"\\u12g4"', 'QP7001'],
  ['"\\u12"', 'QP7001'],
  ['"\\ud800"', 'QP7001'],
  ['"\\udc00\\ud800"', 'QP7001'],
  ['1 1', 'QP7001'],
  ['\ufeff1', 'QP7001'],
  ['// x\n1', 'QP7001'],
  ['NaN', 'QP7001'],
  ['+1', 'QP7001'],
  ['.5', 'QP7001'],
  ['{"a":1,"a":1}', 'QP7004'],
  ['{"a":1,"\\u0061":2}', 'QP7004'],
  ['{"__proto__":1,"__proto__":2}', 'QP7004'],
  ['-0', 'QP7008'],
  ['01', 'QP7008'],
  ['1.0', 'QP7008'],
  ['1e3', 'QP7008'],
  ['9007199254740992', 'QP7008'],
  ['-9007199254740993', 'QP7008'],
  ['9'.repeat(1_000_000), 'QP7008'],
])('%.30s is refused', (text, code) => {
  expect(codeOf(text)).toBe(code);
});

test('limits: size, depth, encoding', () => {
  expect(codeOf(`${' '.repeat(MAX_SIZE - 1)}1`)).toBe('accepted');
  expect(codeOf(`${' '.repeat(MAX_SIZE)}1`)).toBe('QP7002');
  expect(codeOf(`"${'é'.repeat(MAX_SIZE / 2)}"`)).toBe('QP7002');
  expect(codeOf('['.repeat(MAX_DEPTH) + ']'.repeat(MAX_DEPTH))).toBe('accepted');
  expect(codeOf('['.repeat(MAX_DEPTH + 1) + ']'.repeat(MAX_DEPTH + 1))).toBe('QP7003');
  expect(codeOf('['.repeat(1_000_000))).toBe('QP7003');
  expect(codeOf('{"a":'.repeat(100_000))).toBe('QP7003');
  expect(codeOf(Uint8Array.of(0x22, 0xff, 0x22))).toBe('QP7001');
  expect(codeOf(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31))).toBe('QP7001');
  // An overlong encoding of "/".
  expect(codeOf(Uint8Array.of(0x22, 0xc0, 0xaf, 0x22))).toBe('QP7001');
});

test('errors name line and column', () => {
  expect(() => parseJson('{\n  "a": 1,\n  "a": 2\n}')).toThrow(
    'QP7004 The key "a" appears twice (line 3, column 6)',
  );
});

describe('against JSON.parse', () => {
  const integers = fc.maxSafeInteger().map((n) => (Object.is(n, -0) ? 0 : n));
  const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), integers, fc.boolean(), fc.constant(null));
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: 'grapheme' }), tie('tree'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));

  test('every canonical text reads back, in both forms', () => {
    fc.assert(
      fc.property(tree, (value) => {
        const [line, file] = [canonicalJson(value), fileJson(value)];
        expect(canonicalJson(plain(parseJson(line)))).toBe(line);
        expect(fileJson(plain(parseJson(file)))).toBe(file);
        expect(plain(parseJson(line))).toEqual(JSON.parse(line));
      }),
      { numRuns: 2000 },
    );
  });

  test('accepts only what JSON.parse accepts, with the same value', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"a"',
      '"b"',
      '1',
      '-1',
      '0',
      'true',
      'null',
      ' ',
      '\n',
      '"\\n"',
      '1.5',
      '\\',
      '"',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 14 }), (tokens) => {
        const text = tokens.join('');
        const code = codeOf(text);
        if (code === 'accepted') expect(plain(parseJson(text))).toEqual(JSON.parse(text));
        else if (code === 'QP7001') expect(() => JSON.parse(text)).toThrow();
      }),
      { numRuns: 20_000 },
    );
  });

  test('any bytes give a value or a refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(typeof codeOf(bytes)).toBe('string');
      }),
      { numRuns: 5000 },
    );
  });
});
