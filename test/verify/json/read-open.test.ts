import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../src/verify/json/canonical-json.ts';
import { parseJson } from '../../../src/verify/json/parse-json.ts';
import { integer, literal, type Reader, real, record, version } from '../../../src/verify/json/read-json.ts';
import { each, kinds, open, versions } from '../../../src/verify/json/read-open.ts';

const read =
  <T>(reader: Reader<T>) =>
  (json: string) =>
    reader(parseJson(json), 'x');

describe('each', () => {
  const reals = read(each(real));

  test('one value, or a list of different values', () => {
    expect(reals('"1"')).toBe('1');
    expect(reals('["1","2"]')).toEqual(['1', '2']);
  });

  test.each([
    ['["1"]', 'QP7007'],
    ['[]', 'QP7007'],
    ['["1","1"]', 'QP7007'],
    ['["1","1.0"]', 'QP7008'],
    ['1', 'QP7007'],
  ])('%s is refused', (json, code) => {
    expect(() => reals(json)).toThrow(code);
  });
});

describe('other', () => {
  const thing = read(open({ a: integer(0) }, {}));

  test('is kept unchanged, with any keys', () => {
    const json = '{"a":1,"other":{"x":{"__proto__":1,"a":[null,true,"é"],"constructor":2}}}';
    const value = thing(json);
    expect(canonicalJson(value)).toBe(json);
    expect(Object.hasOwn(value.other!.x as object, '__proto__')).toBe(true);
  });

  test.each([
    '{}',
    '[]',
    '"x"',
    '{"-x":1}',
    '{"__proto__":1}',
    '{"":1}',
    `{"${'x'.repeat(65)}":1}`,
    `{${Array.from({ length: 65 }, (_, i) => `"k${i}":0`).join()}}`,
  ])('%s is refused', (other) => {
    expect(() => thing(`{"a":1,"other":${other}}`)).toThrow('QP7007');
  });

  test('other unknown members are refused', () => {
    expect(() => thing('{"a":1,"x":2}')).toThrow('QP7005');
    expect(() => read(record({ a: integer(0) }, {}))('{"a":1,"other":{"x":1}}')).toThrow('QP7005');
  });
});

describe('kinds', () => {
  const thing = read(
    kinds({
      one: record({ kind: literal('one') }, {}),
      two: open({ kind: literal('two'), n: integer(0) }, {}),
    }),
  );

  test('are read by separate rules', () => {
    expect(thing('{"kind":"two","n":3}')).toEqual({ kind: 'two', n: 3 });
    expect(() => thing('{"kind":"one","n":3}')).toThrow('QP7005');
  });

  test('the kind is read before all other members', () => {
    expect(() => thing('{"a":0,"kind":"future","n":-1}')).toThrow(/^QP7012 .*"future".*x\.kind/);
    expect(() => thing('{"kind":"toString"}')).toThrow('QP7012');
    expect(() => thing('{"kind":1}')).toThrow('QP7012');
    expect(() => thing('{"a":0}')).toThrow('QP7006');
    expect(() => thing('[]')).toThrow('QP7007');
  });
});

describe('the version is read before all other members', () => {
  const one = record({ version: version('v1'), a: integer(0) }, {});

  test('of a record', () => {
    expect(() => read(one)('{"A":1,"a":-1,"version":"v2"}')).toThrow('QP7010');
    expect(() => read(one)('{"A":1,"a":-1}')).toThrow(/QP7006 .*"version"/);
    expect(() => read(one)('{"A":1,"a":-1,"version":"v1"}')).toThrow('QP7005');
  });

  test('of a file of several versions', () => {
    const any = read(versions({ v1: one, v2: open({ version: version('v2') }, {}) }));
    expect(any('{"other":{"a":1},"version":"v2"}')).toMatchObject({ version: 'v2' });
    expect(() => any('{"A":1,"version":"v3"}')).toThrow(
      'QP7010 This verifier does not know the version "v3"',
    );
    expect(() => any('{"A":1,"version":2}')).toThrow('QP7010');
    expect(() => any('{"A":1}')).toThrow('QP7006');
  });
});
