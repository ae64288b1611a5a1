import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { summaryOf } from '../corpus/corpus-cases.ts';
import { expectedOf } from '../corpus/make/expected.ts';
import { AT, CORPUS } from '../corpus/make/material.ts';
import { Auditor } from '../support/audit-of.ts';
import { expectedRows } from './oracle.ts';
import { Scene } from './plant.ts';

const given = (name: string) => fileURLToPath(new URL(`given/${name}`, CORPUS));
const CHECKER = new URL('../../../dist/prover/proof-checker.js', import.meta.url).href;

/** Declares a test for each seed: what the audit of its folder finds is compared with what was planted. */
export function testSeeds(seeds: readonly number[]): void {
  const root = mkdtempSync(path.join(tmpdir(), 'audit-generated-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const auditor = new Auditor(root);
  describe('random faults at random places are all found, and nothing else', () => {
    it.each(seeds)('seed %i', (seed) => testSeed(auditor, seed));
  });
}

async function testSeed(auditor: Auditor, seed: number): Promise<void> {
  const scene = new Scene(seed);
  const folder = auditor.folder(scene.files);
  if (scene.pipes.length > 0) execFileSync('mkfifo', scene.pipes, { cwd: folder });
  for (const [link, to] of Object.entries(scene.links)) symlinkSync(to, path.join(folder, link));
  const list = path.join(auditor.folder({ 'list.csv': scene.list }), 'list.csv');
  const { rows, totals } = expectedRows(scene.planted);
  const expected = { ...expectedOf({ ...totals, exit: 0 }, rows), exit: null };
  const { findings } = await auditor.auditFolders([folder], {
    ...{ trust: given('trust.json'), statements: [given('first')], at: AT },
    ...{ expected: [list], openings: { which: 'all' } },
    // Half of them with the verifier alone: both ways have to find the same.
    ...(seed % 4 >= 2 && { checker: CHECKER }),
  });
  expect(summaryOf(findings, null), scene.story.join('; ')).toEqual(expected);
  rmSync(folder, { recursive: true });
}
