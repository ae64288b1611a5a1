import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MadeUpVariant, SourceCopy } from './source-copy.ts';
import { MADE_UP_VARIANTS } from './variants.ts';

describe('a made-up variant is a type error in every place that has to know about it', () => {
  let copy: SourceCopy;
  beforeAll(async () => {
    copy = await SourceCopy.make();
  });
  afterAll(() => copy.remove());

  // `npm run typecheck` says that there is no error without one.
  test.each(MADE_UP_VARIANTS)('$name', async (variant) => {
    const together = apart(MADE_UP_VARIANTS).find((group) => group.includes(variant))!;
    const others = together.filter((one) => one !== variant).flatMap(({ expected }) => expected);
    const refused = await refusedFor(together);
    expect(refused.filter((file) => !others.includes(file))).toEqual(variant.expected);
  });

  const known = new Map<string, Promise<string[]>>();
  /** Each group is checked once. */
  function refusedFor(group: readonly MadeUpVariant[]): Promise<string[]> {
    const names = group.map(({ name }) => name).join();
    const found = known.get(names) ?? copy.refusedFiles(group.flatMap(({ edits }) => edits));
    known.set(names, found);
    return found;
  }

  test('an edit that finds nothing is an error', async () => {
    const edit = { file: 'src/index.ts', text: 'no such text', replacement: '' };
    await expect(copy.refusedFiles([edit])).rejects.toThrow(/does not hold once/);
  });
});

/** Groups of variants that no file has in common, so that one check of all sources answers for each variant of a group. */
function apart(variants: readonly MadeUpVariant[]): MadeUpVariant[][] {
  const groups: MadeUpVariant[][] = [];
  for (const variant of variants) {
    const shares = (other: MadeUpVariant) => other.expected.some((file) => variant.expected.includes(file));
    const group = groups.find((one) => !one.some(shares));
    if (group === undefined) groups.push([variant]);
    else group.push(variant);
  }
  return groups;
}

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
