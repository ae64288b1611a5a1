import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SourceCopy } from './source-copy.ts';
import { MADE_UP_VARIANTS } from './variants.ts';

describe('a made-up variant is a type error in every place that has to know about it', () => {
  let copy: SourceCopy;
  beforeAll(async () => {
    copy = await SourceCopy.make();
  });
  afterAll(() => copy.remove());

  test('without one the sources have no type error', async () => {
    expect(await copy.refusedFiles([])).toEqual([]);
  });

  test.each(MADE_UP_VARIANTS)('$name', async ({ edits, expected }) => {
    expect(await copy.refusedFiles(edits)).toEqual(expected);
  });

  test('an edit that finds nothing is an error', async () => {
    const edit = { file: 'src/index.ts', text: 'no such text', replacement: '' };
    await expect(copy.refusedFiles([edit])).rejects.toThrow(/does not hold once/);
  });
});

/** What the type checker cannot see: a comparison with one name that treats all other names alike. */
const TWO_WAY = [
  /[=!]==? '(digest|public)'/,
  /'(digest|public)' [=!]==?/,
  /\b(output|decision)\.kind [=!]==? '/,
  /\b(statement|options)\.output [=!]==? '/,
];

describe('no test of one variant’s name stands for the others', () => {
  const found = (text: string) => TWO_WAY.some((pattern) => pattern.test(text));

  test('in the sources', () => {
    const folder = new URL('../../src/', import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !/(^|[\\/])dist[\\/]/.test(file),
    );
    expect(files.length).toBeGreaterThan(200);
    expect(files.filter((file) => found(readFileSync(new URL(file, folder), 'utf8')))).toEqual([]);
  });

  test('one is found', () => {
    expect(found("const salt = input.mode === 'digest' ? draw() : null;")).toBe(true);
    expect(found("if (modelInterface.output.kind !== 'logits') return;")).toBe(true);
  });
});
