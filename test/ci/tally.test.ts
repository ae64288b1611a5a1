import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const TALLY = fileURLToPath(new URL('../../.ci/tally.mjs', import.meta.url));
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const report = (passed: number, failed: number, pending = 0, files: readonly object[] = []) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: pending,
  numTodoTests: 0,
  testResults: files,
});
const unloaded = { name: 'a.test.ts', status: 'failed', message: 'no such module', assertionResults: [] };

test.each([
  ['all well', 'passed\ttests\n', [report(7, 0)], '7 passed, 0 failed', 0],
  ['some skipped', 'passed\ttests\n', [report(7, 0, 2)], '7 passed, 0 failed, 2 skipped', 0],
  ['a failed test counts once', 'failed\ttests\n', [report(6, 1)], '6 passed, 1 failed', 1],
  ['a failed step counts', 'failed\tlint\npassed\ttests\n', [report(7, 0)], '7 passed, 1 failed', 1],
  ['a file that does not load', 'failed\ttests\n', [report(7, 0, 0, [unloaded])], '7 passed, 1 failed', 1],
  ['a runner that died', 'failed\ttests\n', [], '0 passed, 1 failed', 1],
  ['several runners', 'passed\ttests\n', [report(7, 0), report(5, 0)], '12 passed, 0 failed', 0],
  ['no test at all', 'passed\ttests\n', [], '0 passed, 1 failed', 1],
] as const)('%s', (_, steps, reports, line, status) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quietproof-tally-'));
  folders.push(folder);
  writeFileSync(path.join(folder, 'steps.tsv'), steps);
  reports.forEach((one, i) => {
    writeFileSync(path.join(folder, `vitest-${i}.json`), JSON.stringify(one));
  });
  const run = spawnSync(process.execPath, [TALLY, folder], { encoding: 'utf8' });
  expect(run.stdout.trimEnd().split('\n').at(-1)).toBe(line);
  expect(run.status).toBe(status);
});
