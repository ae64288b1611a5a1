import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type AxeCore from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Findings } from '../../../src/audit/findings/findings-types.ts';
import type { Grade } from '../../../src/audit/findings/grade.ts';
import { plainText } from '../../../src/audit/report/content/plain-text.ts';
import { headlineOf, toneOf } from '../../../src/audit/report/content/report-words.ts';
import { reportHtml } from '../../../src/audit/report/html/report-html.ts';
import { readPageAssets } from '../../../src/export/browser/page-assets.ts';
import { base } from '../../conformance/materialise.ts';
import { MISSING_BROWSER, type OpenBrowser, openBrowser } from '../../export/browser/support/browser.ts';
import { sampleFindings } from './support/sample-findings.ts';

const ASSETS = new URL('../../../dist/audit/report/assets/', import.meta.url);
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const DIGEST = '0'.repeat(64);
const LABEL = base('label-a.proof.json', 'bundles-v2');
const LABEL_MODEL: string = JSON.parse(base('label-a.opening.json', 'bundles-v2')).modelId;

/** The sample, with a model whose records are at hand. */
function findings(): Findings {
  const sample = sampleFindings();
  return {
    ...sample,
    models: [...sample.models, { ...sample.models[0]!, modelId: LABEL_MODEL, name: 'iris' }],
  };
}

describe('the words of a report', () => {
  const graded = (...kinds: readonly Grade[]): Findings => {
    const sample = sampleFindings();
    return { ...sample, findings: kinds.map((grade) => ({ ...sample.findings[0]!, grade })) };
  };
  it.each([
    [graded('pass'), 'good', 'No fault was found'],
    [graded('pass', 'difference'), 'good', 'No fault was found'],
    [graded('pass', 'open'), 'open', 'No fault was found; one question is open'],
    [graded('fault'), 'bad', 'One fault found'],
    [graded('fault', 'fault', 'open', 'open'), 'bad', '2 faults found; 2 questions are open'],
    [graded('evidence'), 'bad', 'Evidence of misconduct or of an unsound model was found'],
    [
      graded('evidence', 'fault'),
      'bad',
      'Evidence of misconduct or of an unsound model was found, and one fault',
    ],
  ])('never call a fault good', (document, tone, headline) => {
    expect([toneOf(document.findings), headlineOf(document)]).toEqual([tone, headline]);
  });

  it('show no character that reorders or hides what is around it', () => {
    expect(plainText('a\u202eb\u2066c\u0000d\u200be\ud800f\u{1f600}')).toBe(
      'a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\u{1f600}',
    );
  });
});

describe.skipIf(MISSING_BROWSER !== undefined)('report.html in Chromium', () => {
  let folder: string;
  let browser: OpenBrowser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'report-'));
    const html = reportHtml(findings(), DIGEST, await readPageAssets(ASSETS));
    expect(reportHtml(findings(), DIGEST, await readPageAssets(ASSETS))).toBe(html);
    await writeFile(path.join(folder, 'report.html'), html);
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.on('console', (message) => errors.push(message.text()));
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('request', (request) => request.url().startsWith('file:') || errors.push(request.url()));
    await page.goto(pathToFileURL(path.join(folder, 'report.html')).href);
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
    expect(errors).toEqual([]);
  });

  it('says what was found, and what it does not mean, in the words of the findings', async () => {
    const text = (await page.textContent('main'))!;
    for (const { title, checked, result, notMean } of findings().findings)
      for (const words of [title, checked, result, notMean]) expect(text).toContain(words);
    for (const limit of findings().limits) expect(text).toContain(limit);
    expect(await page.textContent('footer')).toContain(DIGEST);
  });

  it('shows names that others chose as text, and runs nothing of them', async () => {
    const cells = await page.locator('#records td bdi').allTextContents();
    expect(cells).toContain('</td><script>alert(1)</script>"\'&\ufffdgpj.exe\ufffd 模型');
    expect(await page.locator('script').count()).toBe(2);
  });

  it.each([
    ['light', { colorScheme: 'light', media: 'screen' }, 1100],
    ['dark', { colorScheme: 'dark', media: 'screen' }, 1100],
    ['phone', { colorScheme: 'light', media: 'screen' }, 375],
    ['print', { colorScheme: 'light', media: 'print' }, 800],
  ] as const)('has no accessibility fault and no sideways scrolling: %s', async (_, media, width) => {
    await page.emulateMedia(media);
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate(() => {
      for (const fold of document.querySelectorAll('details')) fold.open = true;
    });
    // Playwright's evaluation passes by the page's own policy, which forbids other scripts.
    await page.evaluate(await readFile(AXE, 'utf8'));
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof AxeCore };
      const { violations, passes } = await axe.run(document);
      return {
        violations: violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
        passes: passes.length,
      };
    });
    expect(found.violations).toEqual([]);
    expect(found.passes).toBeGreaterThan(15);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
  });

  it('is printed with every list, and without what paper cannot do', async () => {
    await page.evaluate(() => {
      for (const fold of document.querySelectorAll('details')) fold.open = false;
    });
    const seen = async () => {
      const parts = ['#search', '#again', '.finding .fold table'].map((name) => page.locator(name).first());
      return Promise.all(parts.map((part) => part.isVisible()));
    };
    await page.emulateMedia({ media: 'print' });
    expect(await seen()).toEqual([false, false, true]);
    await page.emulateMedia({ media: 'screen' });
    expect(await seen()).toEqual([true, true, false]);
  });

  it('finds records by word and grade', async () => {
    await page.emulateMedia({ media: 'screen' });
    const shown = () => page.locator('#records tbody tr:visible').count();
    const all = await shown();
    expect(all).toBe(findings().findings.reduce((sum, { records }) => sum + records.listed.length, 0));
    await page.fill('#needle', 'OCTOBER/00000');
    expect(await shown()).toBe(10);
    expect(await page.textContent('#matches')).toBe(`10 of ${all} records`);
    await page.selectOption('#grade', 'evidence');
    expect(await shown()).toBe(0);
    await page.fill('#needle', '');
    expect(await shown()).toBe(2);
  });

  it('checks records with the verifier in it, against the models of the report', async () => {
    const damaged = JSON.parse(LABEL);
    damaged.proof.pi_a = damaged.proof.pi_c;
    const { model, ...thin } = JSON.parse(LABEL);
    const file = (name: string, text: string) => ({
      name,
      mimeType: 'application/json',
      buffer: Buffer.from(text),
    });
    const inFileForm = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
    const asked = [
      file('good', LABEL),
      file('damaged', inFileForm(damaged)),
      file('thin', inFileForm(thin)),
      file('other', base('open-a.proof.json', 'bundles-v2')),
      file('model', inFileForm(model)),
    ];
    await page.setInputFiles('#file', asked);
    await page.waitForFunction(() => document.querySelectorAll('#checked li').length === 4);
    const lines = await page
      .locator('#checked li')
      .evaluateAll((all) => all.map((line) => [line.querySelector('.foreign')?.textContent, line.className]));
    expect(lines).toEqual([
      ['good', 'check pass'],
      ['damaged', 'check fail'],
      ['thin', 'check pass'],
      ['other', 'check fail'],
    ]);
    expect(await page.textContent('#checked li')).toContain(LABEL_MODEL);
  });
});
