import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FINDING_KINDS } from '../../../src/audit/findings/finding-kinds.ts';
import type { Findings } from '../../../src/audit/findings/findings-types.ts';
import { documentTime } from '../../../src/audit/report/pdf/document-time.ts';
import { inGlyphs } from '../../../src/audit/report/pdf/glyph-ranges.ts';
import { reportPdf } from '../../../src/audit/report/pdf/report-pdf.ts';
import { writeReports } from '../../../src/audit/report/write-reports.ts';
import { charactersOf } from './support/font-characters.ts';
import { sampleFindings } from './support/sample-findings.ts';

const missing = ['qpdf', 'pdftotext'].filter(
  (program) => spawnSync(program, ['--version']).error !== undefined,
);
if (missing.length > 0 && process.env.CI === 'true') throw new Error(`missing: ${missing.join(', ')}`);

async function pdfOf(findings: Findings): Promise<Buffer> {
  const json = Buffer.from(JSON.stringify(findings));
  return reportPdf(findings, json, createHash('sha256').update(json).digest('hex'));
}

let folder: string;
let pdf: Buffer;
const findings = sampleFindings();
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'report-pdf-'));
  pdf = await pdfOf(findings);
  writeFileSync(path.join(folder, 'report.pdf'), pdf);
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(program: string, ...words: string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: folder, maxBuffer: 1 << 26 });
  expect(`${status} ${stderr}`).toBe('0 ');
  return stdout;
}

/** An object of the file, by qpdf's names. */
type PdfObject = Record<string, unknown> & { readonly [key: string]: unknown };
function objects(): PdfObject[] {
  const { qpdf } = JSON.parse(run('qpdf', '--json=2', 'report.pdf').toString());
  return Object.values(qpdf[1]).flatMap((entry) => {
    const { value, stream } = entry as { value?: PdfObject; stream?: { dict: PdfObject } };
    const found = value ?? stream?.dict;
    return typeof found === 'object' && found !== null ? [found] : [];
  });
}

describe('report.pdf', () => {
  it('has the same bytes each time, and others for other findings', async () => {
    expect((await pdfOf(sampleFindings())).equals(pdf)).toBe(true);
    const other = await pdfOf({ ...findings, limits: ['Another limit.'] });
    const idOf = (file: Buffer) => /\/ID \[<([0-9a-f]+)>/.exec(file.toString('latin1'))?.[1];
    expect(idOf(pdf)).toHaveLength(32);
    expect(idOf(other)).not.toBe(idOf(pdf));
  });

  it('states a time that follows from the findings', () => {
    expect(documentTime(findings).toISOString()).toBe('2026-11-30T09:05:00.000Z');
    const asked = { ...findings, scope: { ...findings.scope, at: '2026-12-24T00:00:00Z' } };
    expect(documentTime(asked).toISOString()).toBe('2026-12-24T00:00:00.000Z');
    expect(documentTime({ ...findings, logs: [], timeline: [] }).getUTCFullYear()).toBe(1980);
    expect(pdf.toString('latin1')).toContain('<xmp:CreateDate>2026-11-30T09:05:00Z</xmp:CreateDate>');
  });

  it('is written beside report.html, with the digest of findings.json in both', async () => {
    const json = Buffer.from(JSON.stringify(findings));
    const assets = new URL('../../../dist/audit/report/assets/', import.meta.url);
    const written = await writeReports(findings, json, path.join(folder, 'out'), { assets });
    expect(written.map((file) => path.basename(file))).toEqual(['report.html', 'report.pdf']);
    expect(readFileSync(written[1]!).equals(pdf)).toBe(true);
    expect(readFileSync(written[0]!, 'utf8')).toContain(createHash('sha256').update(json).digest('hex'));
    expect(
      await writeReports(findings, json, path.join(folder, 'html'), { assets, pdf: false }),
    ).toHaveLength(1);
  });
});

describe('writeReports', () => {
  it.each([
    ['of other findings', JSON.stringify({ ...findings, limits: [] })],
    ['that is no JSON', 'findings'],
    ['that is no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('takes no file %s', async (_, json) => {
    const out = path.join(folder, 'refused');
    await expect(writeReports(findings, Buffer.from(json), out)).rejects.toMatchObject({ code: 'QP6661' });
    expect(existsSync(out)).toBe(false);
  });
});

describe.skipIf(missing.length > 0)('report.pdf by the tools of others', () => {
  it('is sound, and says every finding in words that can be selected', () => {
    run('qpdf', '--check', 'report.pdf');
    const text = run('pdftotext', '-layout', 'report.pdf', '-').toString().replace(/\s+/g, ' ');
    expect(text).toContain('Evidence of misconduct or of an unsound model was found, and 4 faults');
    const raw = run('pdftotext', '-raw', 'report.pdf', '-').toString().replace(/\s+/g, ' ');
    for (const { title, result, notMean, checked } of findings.findings)
      for (const words of [title, result, notMean, checked]) expect(raw).toContain(words);
    for (const { modelId } of findings.models) expect(raw).toContain(modelId);
    expect(raw).toContain(inGlyphs('模型'));
  });

  it('has findings.json and the checkpoints attached, byte for byte', () => {
    expect(run('qpdf', '--show-attachment=findings.json', 'report.pdf').toString()).toBe(
      JSON.stringify(findings),
    );
    expect(run('qpdf', '--show-attachment=checkpoint-1.txt', 'report.pdf').toString()).toBe(
      findings.logs[0]!.checkpoint,
    );
  });

  it('is for archives: embedded fonts, a colour profile, tags, metadata, and nothing that runs or is elsewhere', () => {
    const all = objects();
    const of = (type: string) => all.filter((one) => one['/Type'] === type);
    const [catalog] = of('/Catalog');
    expect(catalog).toMatchObject({
      '/Lang': 'u:en',
      '/MarkInfo': expect.anything(),
      '/StructTreeRoot': expect.anything(),
    });
    expect(catalog!['/AF']).toHaveLength(2);
    expect(of('/Filespec').map((one) => one['/AFRelationship'])).toEqual(['/Source', '/Data']);
    expect(
      of('/EmbeddedFile')
        .map((one) => one['/Subtype'])
        .sort(),
    ).toEqual(['/application/json', '/text/plain']);
    expect(of('/OutputIntent')).toMatchObject([
      { '/S': '/GTS_PDFA1', '/DestOutputProfile': expect.anything() },
    ]);
    const fonts = of('/FontDescriptor');
    expect(fonts.length).toBeGreaterThanOrEqual(2);
    expect(fonts.filter((one) => one['/FontFile2'] === undefined)).toEqual([]);
    expect(
      of('/Font').filter((one) => one['/Subtype'] === '/Type0' && one['/ToUnicode'] === undefined),
    ).toEqual([]);
    const forbidden = ['/JavaScript', '/Launch', '/URI', '/SubmitForm'];
    expect(
      all.filter((one) => forbidden.includes(String(one['/S'])) || '/OpenAction' in one || '/AA' in one),
    ).toEqual([]);
    const raw = pdf.toString('latin1');
    expect(raw).toContain('<pdfaid:part>3</pdfaid:part>');
    expect(raw).toContain('<pdfaid:conformance>A</pdfaid:conformance>');
    expect(raw).not.toContain('/Encrypt');
    const figures = all.filter((one) => one['/S'] === '/Figure');
    expect(figures).toHaveLength(3);
    expect(figures.every((one) => typeof one['/Alt'] === 'string')).toBe(true);
  });
});

describe('the fonts', () => {
  it('have every character that is said to be in them', () => {
    for (const name of ['Regular', 'Bold']) {
      const url = new URL(`../../../src/audit/report/fonts/Roboto-${name}.ttf`, import.meta.url);
      const characters = charactersOf(readFileSync(url));
      const wrong = Array.from({ length: 0x10000 }, (_, code) => code).filter((code) => {
        if (code >= 0xd800 && code < 0xe000) return false;
        const character = String.fromCodePoint(code);
        return inGlyphs(character) === character && !characters.has(code);
      });
      expect(wrong).toEqual([]);
    }
  });

  it('have every character of our own texts', () => {
    const texts = Object.values(FINDING_KINDS).flatMap(({ title, checked, notMean }) => [
      title,
      checked,
      notMean,
    ]);
    expect(texts.filter((text) => inGlyphs(text) !== text)).toEqual([]);
    expect(inGlyphs('a模\u{1f600}')).toBe('a[U+6A21][U+1F600]');
  });
});
