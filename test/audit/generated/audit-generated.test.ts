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

const SEEDS = Number(process.env.AUDIT_SEEDS ?? '3');
const FIRST = Number(process.env.AUDIT_FIRST_SEED ?? '1');
const root = mkdtempSync(path.join(tmpdir(), 'audit-generated-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const auditor = new Auditor(root);
const given = (name: string) => fileURLToPath(new URL(`given/${name}`, CORPUS));

describe('random faults at random places are all found, and nothing else', () => {
  it.each(Array.from({ length: SEEDS }, (_, at) => FIRST + at))('seed %i', async (seed) => {
    const scene = new Scene(seed);
    const folder = auditor.folder(scene.files);
    for (const pipe of scene.pipes) execFileSync('mkfifo', [path.join(folder, pipe)]);
    for (const [link, to] of Object.entries(scene.links)) symlinkSync(to, path.join(folder, link));
    const list = path.join(auditor.folder({ 'list.csv': scene.list }), 'list.csv');
    const { rows, totals } = expectedRows(scene.planted);
    const expected = { ...expectedOf({ ...totals, exit: 0 }, rows), exit: null };
    const { findings } = await auditor.auditFolders([folder], {
      ...{ trust: given('trust.json'), statements: [given('first')], at: AT },
      ...{ expected: [list], openings: { which: 'all' } },
    });
    expect(summaryOf(findings, null), scene.story.join('; ')).toEqual(expected);
    rmSync(folder, { recursive: true });
  });
});
