import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONTRIBUTED, LEARNED, PREVIEW } from '../../../src/import/onnx/extension-words.ts';
import { describeOperator, knownOperator } from '../../../src/import/onnx/operator-descriptions.ts';
import { STANDARD } from '../../../src/import/onnx/operator-words.ts';
import { OPERATORS } from '../../../src/import/onnx/operators.ts';

/** All operators that ONNX 1.23 defines, to operator set 28: see `fixtures/onnx-functions/make_fixtures.py`. */
const DEFINED = JSON.parse(
  readFileSync(new URL('../../fixtures/onnx-operators.json', import.meta.url), 'utf8'),
) as Record<string, string[]>;
const TABLES = { STANDARD, LEARNED, CONTRIBUTED, PREVIEW };

describe('what operators are', () => {
  it.each(Object.entries(DEFINED))('every operator of the domain "%s" is described', (domain, names) => {
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => knownOperator(domain, name) === undefined)).toEqual([]);
  });

  it('nothing else is said to be of ONNX', () => {
    const { '': standard, 'ai.onnx.ml': learned } = DEFINED;
    expect(Object.keys(STANDARD).filter((name) => !standard!.includes(name))).toEqual([]);
    expect(Object.keys(LEARNED).filter((name) => !learned!.includes(name))).toEqual([]);
  });

  it('every operator that can be proved is one of them, without a fix to use another', () => {
    for (const name of Object.keys(OPERATORS))
      expect([name, knownOperator('', name)?.fix]).toEqual([name, undefined]);
    expect(Object.keys(OPERATORS).filter((name) => knownOperator('', name) === undefined)).toEqual([]);
  });

  it.each(Object.entries(TABLES))(
    '%s: a phrase that follows the name, and a fix that is a command',
    (_, table) => {
      for (const [name, { what, fix }] of Object.entries(table)) {
        expect(what, name).toMatch(
          /^(an? |the |arithmetic|logic|rounding|attention|dropout|distances|random|text )/,
        );
        if (fix !== undefined) expect(fix, name).toMatch(/^[A-Z][a-z]+ .*[^.]$/);
      }
    },
  );

  it('unknown ones are said to be unknown', () => {
    const node = { input: [], output: [], attribute: [] };
    const describeNode = (domain: string, opType: string, input: string[] = []) =>
      describeOperator({ ...node, domain, opType, input } as never, new Set()).what;
    expect(describeNode('', 'toString')).toBe('an operator that ONNX does not define');
    expect(describeNode('', 'Erfc')).toBe('an operator of TensorFlow that ONNX does not define');
    expect(describeNode('com.acme', 'Relu')).toBe('an operator of a runtime or exporter of its own');
    expect(describeNode('', 'Loop', ['', 'c'])).toBe('a loop whose length depends on data');
    expect(describeNode('', 'Loop', ['n', 'c'])).toBe('a loop');
  });

  it.each<[string, string, readonly string[]]>([
    ['the distances of k-nearest neighbours', 'KNN', ['TopK', 'Scan']],
    ['the distances of neighbours within a radius', 'neighbours within a radius', ['Scan', 'Less']],
    ['distances to stored rows, as of a Gaussian process', 'a Gaussian process', ['Scan', 'Exp']],
  ])('%s, as scikit-learn writes %s', (what, _, all) => {
    const body = { node: [{ opType: 'Sub' }, { opType: 'ReduceSumSquare' }] };
    const node = {
      domain: '',
      opType: 'Scan',
      input: [],
      output: [],
      attribute: [{ name: 'body', g: body, graphs: [] }],
    };
    expect(describeOperator(node as never, new Set(all))).toEqual({
      what,
      fix: expect.stringMatching(/^Train/),
    });
  });
});
