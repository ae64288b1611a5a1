import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { circuitTemplates } from '../../src/circuit/circom/templates.ts';
import { deriveCircuit } from '../../src/circuit/derive-circuit.ts';
import { TEST_GRAPHS } from './support/graphs.ts';
import { lintCircom } from './support/lint-circom.ts';

const HEADER = '/*\n * T: a template.\n *\n * Proves   nothing\n * Cost     0\n */\n';

function fileOf(body: string, header = HEADER): string {
  return `pragma circom 2.2.0;\n\n${header}template T() {\n${body}\n}\n`;
}

describe('the circom lint itself', () => {
  it.each([
    ['a clean file', fileOf('    signal input a;\n    a * (a - 1) === 0;'), []],
    ['a pinned hint', fileOf('    // SAFETY: pinned below.\n    b <-- a;\n    b === a;'), []],
    ['a hint without a SAFETY line', fileOf('    b <-- a;'), ['10: a hint without a SAFETY line above it']],
    ['a hint with -->', fileOf('    a --> b;'), ['10: a hint without a SAFETY line above it']],
    [
      'a hint with a blank line after the SAFETY line',
      fileOf('    // SAFETY: x\n\n    b <-- a;'),
      ['12: a hint without a SAFETY line above it'],
    ],
    ['a hint in a comment', fileOf('    // b <-- a\n    /* b <-- a; */'), []],
    ['an assert', fileOf('    assert(a < 2);'), ['10: an assert: it is not in the constraints']],
    [
      'a file without a pragma',
      fileOf('').replace(/^pragma.*\n/, ''),
      ['1: the pragma is not "circom 2.2.0"'],
    ],
    ['another pragma', fileOf('').replace('2.2.0', '2.1.0'), ['1: the pragma is not "circom 2.2.0"']],
    ['no header', fileOf('', ''), ['3: template T has no header']],
    [
      'a header without a cost',
      fileOf('', HEADER.replace(' * Cost     0\n', '')),
      ['8: the header of T lacks "Cost"'],
    ],
    ["another template's header", fileOf('', HEADER.replace('T:', 'U:')), ['9: template T has no header']],
  ])('judges %s', (_, text, faults) => {
    expect(lintCircom(text)).toEqual(faults);
  });
});

describe('circuits/', () => {
  let templates: Map<string, string>;
  beforeAll(async () => {
    templates = await circuitTemplates();
  });

  it('follows the rules for hints, asserts, headers and the pragma', () => {
    const faults = Array.from(templates, ([name, text]) =>
      lintCircom(text).map((fault) => `${name}:${fault}`),
    );
    expect(templates.size).toBeGreaterThan(5);
    expect(faults.flat()).toEqual([]);
  });

  it('includes only files of this folder', () => {
    for (const [name, text] of templates) {
      for (const [, included] of text.matchAll(/^include "(.*)";$/gm)) {
        expect(templates.has(included!), `${name} includes ${included}`).toBe(true);
      }
    }
  });

  it('has LF line ends in every checkout, so that its hash is the same everywhere', () => {
    for (const [name, text] of templates) expect(text.includes('\r'), name).toBe(false);
    expect(readFileSync('.gitattributes', 'utf8')).toMatch(/^(\*|\*\.circom) .*eol=lf$/m);
  });
});

describe.each(Object.entries(TEST_GRAPHS))('the generated circuit of %s', (_, make) => {
  it('only instantiates templates, without hints or asserts', () => {
    const { source } = deriveCircuit(make().graph);
    expect(source).not.toMatch(/<--|-->|assert/);
    expect(source).toMatch(/^pragma circom 2\.2\.0;\n/);
  });
});
