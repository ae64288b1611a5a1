import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PageAssets, readPageAssets } from '../../../src/export/browser/page-assets.ts';
import { pageHtml } from '../../../src/export/browser/page-html.ts';
import type { FileName } from '../../conformance/case-types.ts';
import { base, materialise, readCases } from '../../conformance/materialise.ts';
import { MISSING_BROWSER, type OpenBrowser, openBrowser } from './support/browser.ts';
import { lowestContrast } from './support/contrast.ts';

const ASSETS = new URL('../../../dist/export/browser/assets/', import.meta.url);
/** The example of SPEC section 20: four values under one step of 0.226 cm. */
const IRIS_ROW = '5.1 2.5 3 1.1';

let browser: OpenBrowser;
let assets: PageAssets;
let folder: string;

describe.skipIf(MISSING_BROWSER !== undefined)('a receipt of version 2', () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'receipts-v2-'));
    assets = await readPageAssets(ASSETS);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('says that nobody judged the quality, in the headline and with its rows', async () => {
    const page = await receipt('label-a');
    expect(await page.textContent('h1')).toBe(
      'Valid Development setup. Quality not judged. Not checked: whether it is the model you expect, what it was made for, and which input it is about.',
    );
    const facts = await page.textContent('#facts');
    expect(facts).toContain('Not judged, 45 rows');
    expect(facts).toContain('Version 2');
    expect(await page.textContent('#answer')).toContain('labelversicolor');
    await page.close();
  });

  test('says how far each value of the row is from what was proved, and never that it is the same', async () => {
    const page = await receipt('label-a');
    await page.fill('#row', IRIS_ROW);
    await openInput(page, opening('label-a'));
    expect(await page.textContent('#input-shown .distance')).toBe(
      'The proof is about values at most half a step away from yours; the farthest is petal length, off by 0.0903 cm (0.4 steps).',
    );
    const row = await page.locator('#input-shown tbody tr').first().locator('th, td').allTextContents();
    expect(row).toEqual(['sepal length', '5.1 cm0.0677 cm off0.3 steps', '5.16774 cmstep 0.226 cm']);
    expect(await page.textContent('body')).not.toMatch(/exactly the (input|row)/i);
    expect(await page.textContent('#meaning')).toContain('round to the same steps');
    await page.close();
  });

  test('without a row it compares with the row in the opening file, where that has one', async () => {
    const page = await receipt('mixed-a');
    await openInput(page, opening('mixed-a'));
    expect(await page.textContent('#input-shown .distance')).toContain('away from those in the opening file');
    const bare = await receipt('mixed-a');
    await openInput(bare, fileOf('input/opening-no-input', 'opening'));
    expect(await bare.textContent('#input-shown .distance')).toContain('stands for all that round to it');
    expect(await bare.locator('#input-shown thead th').allTextContents()).toEqual(['Input', 'Proved']);
    await page.close();
    await bare.close();
  });

  test('a tolerance tightens; one that is none is refused beside its field', async () => {
    const page = await receipt('label-a');
    await page.fill('#row', IRIS_ROW);
    await openInput(page, opening('label-a'));
    await ask(page, '#tolerance', '0.41');
    expect(await page.textContent('h1')).toMatch(/^Valid /);
    await ask(page, '#tolerance', '0.25');
    expect(await page.textContent('h1')).toBe('Not valid Failed: Input.');
    expect(await page.textContent('.check.fail')).toContain('QP7607');
    expect(await page.locator('#input-shown').isHidden()).toBe(true);
    for (const text of ['0.6', '-0.1', 'half', '1e-400 x']) {
      await ask(page, '#tolerance', text);
      expect(await page.textContent('#tolerance-error')).toContain('from 0 to 0.5');
    }
    await page.close();
  });

  test('several answers have their names; none says that a score stays private where one is shown', async () => {
    const page = await receipt('mixed-a');
    expect(await page.textContent('#answer h2')).toBe('The 4 answers');
    expect(await page.locator('#answer h3').allTextContents()).toEqual([
      'decision',
      'band',
      'score',
      'reasons',
    ]);
    expect(await page.locator('#answer .big').allTextContents()).toEqual([
      'granted',
      'C',
      '29.2969 log odds',
    ]);
    expect(await page.textContent('#answer')).not.toContain('private');
    expect(await page.textContent('#facts')).toContain('Within what was allowed, on 598 rows');
    await page.close();
  });

  test('lists what it carries and nobody checked', async () => {
    const page = await receipt('mixed-a');
    expect(await page.locator('#unchecked code').allTextContents()).toEqual([
      'model.sidecars.transcript',
      'sidecars.logProof',
    ]);
    expect(await page.textContent('#unchecked')).toContain('about the statement');
    await page.close();
  });

  test('a row with texts: words, and those in quotes', async () => {
    const page = await receipt('mixed-a');
    const row = JSON.parse(fileOf('input/opening-and-row', 'input').toString()) as (number | string)[];
    await page.fill('#row', row.join(' '));
    await openInput(page, opening('mixed-a'));
    expect(await page.textContent('.check[data-check=input]')).toContain('Passed');
    await ask(page, '#row', row.join(' ').replace('car', '"other"'));
    expect(await page.textContent('.check.fail')).toContain('QP7604');
    await ask(page, '#row', '5 "car');
    expect(await page.textContent('#row-error')).toContain('double quote');
    await page.close();
  });

  test('an accepted loss and the record’s part of the context are shown as claims until they are asked for', async () => {
    const page = await receipt('open-a');
    expect(await page.textContent('h1')).toContain('Loss accepted.');
    const part = page.locator('dd:has([data-id=context])');
    expect(await part.textContent()).toMatch(/^[0-9a-f]{64} claim$/);
    await ask(page, '#context', 'claim 12');
    expect(await part.textContent()).toMatch(/^[0-9a-f]{64}$/);
    await page.close();
  });

  test('a record’s part alone is no context that somebody asked for', async () => {
    const names = [];
    for (const name of ['id-a', 'id-b']) {
      const page = await receipt(name);
      names.push((await page.textContent('#meaning'))?.includes('it names no context'));
      await page.close();
    }
    expect(names).toEqual([false, true]);
  });

  test('fits a phone with its input opened, and every colour reads, light and dark', async () => {
    const page = await receipt('mixed-a');
    await openInput(page, opening('mixed-a'));
    await page.locator('summary').click();
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await page.evaluate(lowestContrast)).toBeGreaterThanOrEqual(4.5);
    }
    await page.close();
  });
});

function opening(name: string): Buffer {
  return Buffer.from(base(`${name}.opening.json`, 'bundles-v2'));
}

/** A file of a case of the corpus. */
function fileOf(id: string, file: FileName): Buffer {
  const found = readCases('bundles-v2').find((one) => one.id === id);
  return materialise(found!.files[file]!, 'bundles-v2');
}

/** The page of a base bundle, once it has its verdict. */
async function receipt(name: string): Promise<Page> {
  const bundle = new TextEncoder().encode(base(`${name}.proof.json`, 'bundles-v2'));
  const file = path.join(folder, `${name}.html`);
  await writeFile(file, pageHtml({ bundle }, assets));
  const page = await browser.context.newPage();
  await page.goto(pathToFileURL(file).href);
  await page.waitForFunction(() => document.documentElement.dataset.state !== 'checking');
  return page;
}

async function openInput(page: Page, buffer: Buffer): Promise<void> {
  await page.setInputFiles('#opening', { name: 'row.opening.json', mimeType: 'application/json', buffer });
  await page.waitForFunction(() => document.querySelector('[data-check=input]')?.classList.contains('pass'));
}

async function ask(page: Page, field: string, text: string): Promise<void> {
  await page.fill(field, text);
  await page.click('button[type=submit]');
}
