/**
 * veraPDF's library on reports of audits: PDF/A-3a, all rules. Needs Java 17 and Maven (Debian: maven, default-jdk-headless).
 *
 *   npm run test:slow:pdf
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FINDING_KINDS, type FindingKind } from '../../../src/audit/findings/finding-kinds.ts';
import type { Findings } from '../../../src/audit/findings/findings-types.ts';
import { reportPdf } from '../../../src/audit/report/pdf/report-pdf.ts';
import { sampleFindings } from '../../audit/report/support/sample-findings.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'verapdf-'));
  const words = [
    '-q',
    '-B',
    'dependency:copy-dependencies',
    `-DoutputDirectory=${path.join(folder, 'jars')}`,
  ];
  const { status, stdout, stderr } = spawnSync('mvn', words, { cwd: here, encoding: 'utf8' });
  expect(`${status} ${stdout}${stderr}`).toMatch(/^0 /);
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true }));

const sample = sampleFindings();
/** Every kind of finding, each with many records of names that no font has. */
const everyKind = Object.entries(FINDING_KINDS).map(([kind, texts], at) => ({
  ...texts,
  number: at + 1,
  kind: kind as FindingKind,
  result: 'Ergebnis: Größe, Ελληνικά, Русский, 日本語, \u{1f600}.',
  records: {
    count: 1000,
    listed: Array.from({ length: 100 }, (_, row) => ({
      source: 0,
      path: `名前/${'long '.repeat(row)}${row}`,
    })),
  },
  codes: ['QP7505'],
}));
const DOCUMENTS: Readonly<Record<string, Findings>> = {
  sample,
  everything: { ...sample, findings: everyKind },
  nothing: {
    ...sample,
    models: [],
    timeline: [],
    logs: [],
    findings: [],
    limits: [],
    series: { answersPerDay: [], labelShares: [], proofAge: [] },
  },
};

test('veraPDF finds every report to be PDF/A-3a, and one that says otherwise not', async () => {
  const files: string[] = [];
  const write = (name: string, pdf: Buffer) => {
    writeFileSync(path.join(folder, name), pdf);
    files.push(name);
  };
  for (const [name, findings] of Object.entries(DOCUMENTS)) {
    const pdf = await reportPdf(findings, Buffer.from(JSON.stringify(findings)), '0'.repeat(64));
    write(`${name}.pdf`, pdf);
    if (name === 'sample') {
      const other = pdf.toString('latin1').replace('<pdfaid:part>3', '<pdfaid:part>1');
      write('other-part.pdf', Buffer.from(other, 'latin1'));
    }
  }
  const words = ['-cp', path.join(folder, 'jars', '*'), path.join(here, 'CheckPdf.java'), ...files];
  const { stdout, stderr } = spawnSync('java', words, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
  const results = stdout.split('\n').filter((line) => /^\S+\.pdf (true|false) \d+$/.test(line));
  const faults = stdout.split('\n').filter((line) => line !== '' && !results.includes(line));
  expect(
    results.map((line) => line.split(' ').slice(0, 2).join(' ')),
    stdout + stderr,
  ).toEqual(['sample.pdf true', 'other-part.pdf false', 'everything.pdf true', 'nothing.pdf true']);
  expect(faults).toEqual([expect.stringContaining('pdfaid:part')]);
  for (const line of results) expect(Number(line.split(' ')[2])).toBeGreaterThan(1000);
});
