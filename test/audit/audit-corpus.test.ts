import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Findings } from '../../src/audit/findings/findings-types.ts';
import { CorpusFolder, caseNames, summaryOf } from './corpus/corpus-cases.ts';
import { type CommandResult, runCommands } from './support/run-commands.ts';

const root = mkdtempSync(path.join(tmpdir(), 'audit-corpus-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const planted = caseNames.map((name) => new CorpusFolder(name, path.join(root, 'folders')));
const outOf = (name: string) => path.join(root, 'out', name);
const findingsIn = (out: string): Findings =>
  JSON.parse(readFileSync(path.join(out, 'findings.json'), 'utf8'));

let results: CommandResult[];
beforeAll(async () => {
  results = await runCommands(
    planted.map(({ name, folder, words }) => [
      ...['audit', folder, ...words],
      ...['--no-pdf', '--out', outOf(name)],
    ]),
  );
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
