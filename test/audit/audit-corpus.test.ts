import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Findings } from '../../src/audit/findings/findings-types.ts';
import { CorpusFolder, caseNames, summaryOf } from './corpus/corpus-cases.ts';
import { tarGzOf, zipOf } from './support/archives.ts';
import { type CommandResult, runCommands } from './support/run-commands.ts';

const root = mkdtempSync(path.join(tmpdir(), 'audit-corpus-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const planted = caseNames.map((name) => new CorpusFolder(name, path.join(root, 'folders')));
const outOf = (name: string) => path.join(root, 'out', name);
const findingsIn = (out: string): Findings =>
  JSON.parse(readFileSync(path.join(out, 'findings.json'), 'utf8'));

const auditOf = (source: string, words: readonly string[], name: string) => [
  ...['audit', source, ...words],
  ...['--no-pdf', '--out', outOf(name)],
];

/** Cases handed in as one file, too: with openings, with a log, with a list. */
const packed = { 'wrong-opening': 'zip', 'gap-in-a-log': 'tar.gz', 'missing-row': 'zip' } as const;

async function pack(name: keyof typeof packed): Promise<string> {
  const { folder } = planted.find((one) => one.name === name)!;
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  const files = Object.fromEntries(names.map((file) => [file, readFileSync(path.join(folder, file))]));
  const archive = path.join(root, `${name}.${packed[name]}`);
  writeFileSync(archive, packed[name] === 'zip' ? await zipOf(files) : tarGzOf(files));
  return archive;
}

let results: CommandResult[];
let ofArchives: CommandResult[];
beforeAll(async () => {
  const names = Object.keys(packed) as (keyof typeof packed)[];
  const archives = await Promise.all(names.map(pack));
  const all = await runCommands([
    ...planted.map(({ name, folder, words }) => auditOf(folder, words, name)),
    ...names.map((name, at) => {
      const { words } = planted.find((one) => one.name === name)!;
      return auditOf(archives[at]!, words, `packed-${name}`);
    }),
  ]);
  results = all.slice(0, planted.length);
  ofArchives = all.slice(planted.length);
}, 600_000);

describe('of a folder of the corpus, everything planted is found, and nothing else', () => {
  it.each(planted.map((one, at) => [one.name, one, at] as const))('%s', (name, { expected }, at) => {
    const { code, printed } = results[at]!;
    expect(printed).toContain('accepted');
    expect(summaryOf(findingsIn(outOf(name)), code)).toEqual(expected);
  });

  it('the corpus has three without fault, and twelve or more with one', () => {
    const clean = caseNames.filter((name) => name.startsWith('clean-'));
    expect(clean).toHaveLength(3);
    expect(caseNames.length - clean.length).toBeGreaterThanOrEqual(12);
  });
});

describe('an archive of a folder has the findings of the folder', () => {
  it.each(Object.entries(packed).map(([name, kind], at) => [name, kind, at] as const))(
    '%s as %s',
    (name, _, at) => {
      const { expected } = planted.find((one) => one.name === name)!;
      const { code, printed } = ofArchives[at]!;
      expect(printed).toContain('accepted');
      expect(summaryOf(findingsIn(outOf(`packed-${name}`)), code)).toEqual(expected);
    },
  );
});

it('a finding says what was checked, with what result and what that does not mean, in words for lawyers', () => {
  const findings = planted.flatMap(({ name }) => findingsIn(outOf(name)).findings);
  expect(findings.length).toBeGreaterThan(planted.length);
  for (const { kind, title, checked, result, notMean } of findings) {
    for (const text of [title, checked, result, notMean]) {
      expect(text, kind).toMatch(/^[\p{Lu}\d].*[.)]?$/su);
      expect(text, kind).not.toMatch(
        /pairing|elliptic|curve|subgroup|field element|\bG[12]\b|undefined|NaN|\[object/i,
      );
    }
  }
});
