/**
 * Runs the Python verifiers on both corpora: on one case in eight, or on all with `QUIETPROOF_ALL_CASES=1` (four minutes
 * on one core). Their only dependency is installed once, into a virtual environment under node_modules/.cache.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { CORPORA } from '../conformance/case-types.ts';
import { askMany, askOnce } from '../conformance/implementation.ts';
import { judgeAll } from '../conformance/judge.ts';
import { readCases } from '../conformance/materialise.ts';
import { writeCase } from '../conformance/write-files.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const all = process.env.QUIETPROOF_ALL_CASES === '1';

/** The Python of a virtual environment with py_ecc; undefined without Python or network access. */
function findPython(): string | undefined {
  const folder = path.join(here, '../../node_modules/.cache/independent');
  const python = path.join(folder, 'bin/python');
  const works = () => existsSync(python) && spawnSync(python, ['-c', 'import py_ecc']).status === 0;
  if (works()) return python;
  try {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe' });
    const requirements = path.join(here, 'requirements.txt');
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements], { stdio: 'pipe' });
  } catch (error) {
    const what = `no Python with py_ecc: ${error instanceof Error ? error.message : error}`;
    if (process.env.CI !== undefined) throw new Error(what);
    console.warn(`${what}; skipped`);
    return undefined;
  }
  return works() ? python : undefined;
}

const python = findPython();
const command = [python ?? '', path.join(here, 'conformance.py')];

test.each([
  ['verify.py', 200],
  ['verify_v2.py', 250],
  ['verify_transcript.py', 130],
  ['verify_trust.py', 160],
])('%s is at most %i lines', (file, most) => {
  const lines = readFileSync(path.join(here, file), 'utf8').trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(most);
});

test.skipIf(python === undefined).each(CORPORA)(
  'agrees with the corpus %s, and so with our own verifier',
  async (corpus) => {
    const cases = readCases(corpus);
    const some = all
      ? cases
      : cases.filter(({ sameRecordAs }, at) => at % 8 === 0 && sameRecordAs === undefined);
    const folder = mkdtempSync(path.join(tmpdir(), 'independent-'));
    try {
      const answers = await askMany(
        command,
        some.map((one) => writeCase(one, folder, corpus)),
      );
      const wrong = judgeAll(some, new Map(answers.map((answer, at) => [some[at]!.id, answer])));
      expect(Object.fromEntries(wrong)).toEqual({});
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  600_000,
);

test.skipIf(python === undefined)('exits with 0 for a valid bundle and with 1 otherwise', () => {
  const cases = readCases('bundles');
  const folder = mkdtempSync(path.join(tmpdir(), 'independent-'));
  const ask = (id: string) => askOnce(command, writeCase(cases.find((one) => one.id === id)!, folder));
  try {
    expect(ask('valid/label-a').verdict).toBe('valid');
    expect(ask('valid/label-a-unpinned').verdict).toBe('unpinned');
    expect(ask('form/empty')).toMatchObject({ verdict: 'invalid', check: 'format' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
