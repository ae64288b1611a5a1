import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { safeCsvLine } from '../../src/audit/findings/safe-csv.ts';
import { parsePeriod } from '../../src/audit/period.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { TestBeacon } from '../verify/seal/support/beacon.ts';
import { Auditor, numbered } from './support/audit-of.ts';

const root = mkdtempSync(path.join(tmpdir(), 'audit-command-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const auditor = new Auditor(root);

it('says what it found, and exits 1 for a fault', async () => {
  const folder = auditor.folder({ ...numbered(['label-a']), ...numbered(['label-b'], 2) });
  const out = path.join(root, 'report');
  const { code, stdout } = await runCli([
    'audit',
    folder,
    '--out',
    out,
    '--period',
    '2026-10-01..2026-10-31',
  ]);
  expect(code).toBe(1);
  expect(stdout).toContain('2 of 2 records accepted');
  expect(stdout).toContain('fault: Numbers without a record');
  const findings = JSON.parse(readFileSync(path.join(out, 'findings.json'), 'utf8'));
  expect(findings.scope.period).toEqual({ from: '2026-10-01T00:00:00Z', to: '2026-10-31T23:59:59Z' });
  expect(readFileSync(path.join(out, 'report.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
});

it('draws a sample by a beacon or a nonce, and says nothing else with --quiet', async () => {
  const folder = auditor.folder(numbered(['label-a']));
  const out = path.join(root, 'sample');
  const words = ['audit', folder, '--out', out, '--no-pdf', '--quiet', '--openings', 'sample:3'];
  const { code, stderr } = await runCli([...words, '--nonce', '5a'.repeat(16)]);
  expect([code, stderr]).toEqual([0, '']);
  const { scope } = JSON.parse(readFileSync(path.join(out, 'findings.json'), 'utf8'));
  expect(scope.sample).toMatchObject({ nonce: '5a'.repeat(16), of: 1, drawn: [{ opening: 'missing' }] });
  // Nothing dates a checkpoint after which a round could come.
  const { nodeInfo: info } = new TestBeacon();
  const beacon = path.join(auditor.folder({ 'b.json': JSON.stringify({ info, rounds: [] }) }), 'b.json');
  expect((await runCli([...words, '--beacon', beacon])).stderr).toContain('QP6605');
  expect((await runCli([...words.slice(0, -2), '--nonce', '00'])).stderr).toContain('QP1001');
});

it.each(['2026-10-01', '2026-10-31..2026-10-01', '2026-02-30..2026-03-01', '..', '2026-10-01..2026-10-02..'])(
  '"%s" is no period',
  (text) => {
    expect(() => parsePeriod(text)).toThrow(expect.objectContaining({ code: 'QP6603' }));
  },
);

it('the table is safe to open in a spreadsheet', () => {
  const cells = ['=1+1', '+1', '-1', '@a', '\tx', 'a,"b"', 'plain', 7, undefined];
  expect(safeCsvLine(cells)).toBe(`"'=1+1","'+1","'-1","'@a","'\tx","a,""b""",plain,7,\r\n`);
});
