import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const TALLY = fileURLToPath(new URL('../../.ci/tally.mjs', import.meta.url));
const REPORTER = fileURLToPath(new URL('../../.ci/vitest-report.mjs', import.meta.url));
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const report = (passed: number, failed: number, skipped = 0) => ({
  passed,
  failures: Array.from({ length: failed }, (_, index) => ({
    name: `a.test.ts > ${index}`,
    message: 'Error: no',
  })),
  skipped: Array.from({ length: skipped }, (_, index) => `b.test.ts > ${index}`),
  files: [{ name: 'a.test.ts', seconds: 3.4 }],
});

const times = (count: number, line: string) =>
  Array.from({ length: count }, (_, at) => `test part::${at} ... ${line}\n`).join('');
const libtest = (passed: number, failed: number, ignored = 0) =>
  `running ${passed + failed} tests
${times(passed, 'ok')}${times(failed, 'FAILED')}${times(ignored, 'ignored, takes long')}
test result: ${failed === 0 ? 'ok' : 'FAILED'}. ${passed} passed; ${failed} failed; ${ignored} ignored; 0 measured; 0 filtered out; finished in 0.10s
`;

test.each([
  ['all well', 'passed\ttests\ta.json\n', { 'a.json': report(7, 0) }, '7 passed, 0 failed', 0],
  [
    'some skipped',
    'passed\ttests\ta.json\n',
    { 'a.json': report(7, 0, 2) },
    '7 passed, 0 failed, 2 skipped',
    0,
  ],
  [
    'a failed test counts once',
    'failed\ttests\ta.json\n',
    { 'a.json': report(6, 1) },
    '6 passed, 1 failed',
    1,
  ],
  [
    'a failed step counts',
    'failed\tlint\t\npassed\ttests\ta.json\n',
    { 'a.json': report(7, 0) },
    '7 passed, 1 failed',
    1,
  ],
  ['a runner that died', 'failed\ttests\ta.json\n', {}, '0 passed, 1 failed', 1],
  [
    'a runner that died beside one that did not',
    'failed\tsome\ta.json\npassed\tothers\tb.json\n',
    { 'b.json': report(5, 0) },
    '5 passed, 1 failed',
    1,
  ],
  [
    'several runners',
    'passed\tsome\ta.json\npassed\tothers\tb.json\n',
    { 'a.json': report(7, 0), 'b.json': report(5, 0) },
    '12 passed, 0 failed',
    0,
  ],
  ['no test at all', 'passed\ttests\ta.json\n', {}, '0 passed, 1 failed', 1],
  [
    'tests in Rust, crate by crate',
    'passed\trust\tr.txt\n',
    { 'r.txt': `${libtest(3, 0)}   Doc-tests\n${libtest(10, 0, 1)}` },
    '13 passed, 0 failed, 1 skipped',
    0,
  ],
  ['a failed test in Rust', 'failed\trust\tr.txt\n', { 'r.txt': libtest(3, 2) }, '3 passed, 2 failed', 1],
  [
    'Rust that does not compile',
    'failed\trust\tr.txt\n',
    { 'r.txt': 'error: could not compile' },
    '0 passed, 1 failed',
    1,
  ],
] as const)('%s', (_, steps, reports, line, status) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quietproof-tally-'));
  folders.push(folder);
  writeFileSync(path.join(folder, 'steps.tsv'), steps);
  for (const [name, content] of Object.entries(reports)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(path.join(folder, name), text);
  }
  const run = spawnSync(process.execPath, [TALLY, folder], { encoding: 'utf8' });
  expect(run.stdout.trimEnd().split('\n').at(-1)).toBe(line);
  expect(run.status).toBe(status);
});

test('minutes are printed per step', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quietproof-tally-'));
  folders.push(folder);
  writeFileSync(path.join(folder, 'steps.tsv'), 'passed\tbuild\t\t90\npassed\ttests\ta.json\t6\n');
  writeFileSync(path.join(folder, 'a.json'), JSON.stringify(report(7, 0)));
  const run = spawnSync(process.execPath, [TALLY, folder], { encoding: 'utf8' });
  const lines = [
    '  1.5 min  build',
    '  0.1 min  tests',
    '            3 s  a.test.ts',
    '7 passed, 0 failed',
    '',
  ];
  expect(run.stdout).toBe(lines.join('\n'));
});

test('what failed is named before the sums, errors that no test waits for too', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quietproof-tally-'));
  folders.push(folder);
  writeFileSync(
    path.join(folder, 'some.test.ts'),
    `it('fails', () => { throw new Error('in a test'); });
     it('passes', async () => {
       setTimeout(() => { throw new TypeError('in a timer'); });
       await new Promise((resolve) => setTimeout(resolve, 50));
     });
     it.skip('is skipped', () => {});
     describe('suite', () => { beforeAll(() => { throw new Error('in a hook'); }); it('is never run', () => {}); });`,
  );
  writeFileSync(path.join(folder, 'other.test.ts'), "import './nothing.ts';");
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
  const words = ['run', '--root', folder, '--globals', `--reporter=${REPORTER}`];
  const env = { ...process.env, TEST_REPORT: path.join(folder, 'a.json') };
  const { status } = spawnSync(process.execPath, [vitest, ...words], { env, encoding: 'utf8' });
  expect(status).toBe(1);
  writeFileSync(path.join(folder, 'steps.tsv'), 'failed\ttests\ta.json\t6\n');
  const { stdout } = spawnSync(process.execPath, [TALLY, folder], { encoding: 'utf8' });
  for (const text of [
    'skipped: some.test.ts > is skipped\n',
    'failed: some.test.ts > fails\nError: in a test\n',
    'failed: some.test.ts > suite\nError: in a hook\n',
    'failed: other.test.ts\nError: Cannot find module',
    'failed: an error that no test waits for\nTypeError: in a timer\n',
    '\n1 passed, 4 failed, 2 skipped\n',
  ]) {
    expect(stdout).toContain(text);
  }
});
