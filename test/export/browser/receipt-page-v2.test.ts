import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PageAssets, readPageAssets } from '../../../src/export/browser/page-assets.ts';
import { pageHtml } from '../../../src/export/browser/page-html.ts';
import { base } from '../../conformance/materialise.ts';
import { MISSING_BROWSER, type OpenBrowser, openBrowser } from './support/browser.ts';
import { lowestContrast } from './support/contrast.ts';
import { APPLICANT, fileOfCase, fillIn, IRIS_ROW } from './support/states.ts';

const ASSETS = new URL('../../../dist/export/browser/assets/', import.meta.url);

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

  test('says that nobody judged the quality, in plain words and folded away with its rows', async () => {
    const page = await receipt('label-a');
    expect(await page.textContent('#q-model')).toContain('Nobody has judged whether this model decides like');
    const facts = await page.textContent('#details .facts');
    expect(facts).toContain('Not judged, 45 rows');
    expect(facts).toContain('Version 2');
    // `label` is what the compiler calls a lone output; a reader does not need it.
    expect(await page.textContent('#decision-said')).toMatch(/^versicolor/);
    await page.close();
  });

  test('says how far each value of the row is from what was proved, and never that it is the same', async () => {
    const page = await receipt('label-a');
    await openInput(page, opening('label-a'));
    await fillIn(page, { '#row': IRIS_ROW });
    expect(await page.textContent('#data-said .distance')).toBe(
      'About the data you gave. The model rounds its data: each of your values lies in the range of the one in the receipt; the farthest is petal length, off by 0.0903 cm. Trial only',
    );
    const row = await page.locator('#data-said tbody tr').first().locator('th, td').allTextContents();
    expect(row).toEqual(['sepal length', '5.1 cm0.0677 cm off', '5.16774 cm± 0.113 cm']);
    expect(await page.textContent('body')).not.toMatch(/exactly the (input|row)/i);
    await page.close();
  });

  test('without a row it compares with the row in the opening file, where that has one', async () => {
    const page = await receipt('mixed-a');
    await openInput(page, opening('mixed-a'));
    expect(await page.textContent('#data-said .distance')).toContain('About the data in the opening file.');
    const bare = await receipt('mixed-a');
    await openInput(bare, fileOfCase('input/opening-no-input', 'opening'));
    expect(await bare.textContent('#data-said')).toContain(
      'each value stands for the whole range shown with it',
    );
    expect(await bare.locator('#data-said thead th').allTextContents()).toEqual(['Value', 'In the receipt']);
    await page.close();
    await bare.close();
  });

  test('a tolerance tightens; one that is none is refused beside its field', async () => {
    const page = await receipt('label-a');
    await openInput(page, opening('label-a'));
    await fillIn(page, { '#row': IRIS_ROW, '#tolerance': '0.41' });
    expect(await finding(page)).toBe('trial');
    await ask(page, '#tolerance', '0.25');
    expect(await finding(page)).toBe('other-data');
    expect(await page.textContent('.check.fail')).toContain('QP7607');
    expect(await page.locator('#data-said table').count()).toBe(0);
    for (const text of ['0.6', '-0.1', 'half', '1e-400 x']) {
      await ask(page, '#tolerance', text);
      expect(await page.textContent('#tolerance-error')).toContain('from 0 to 0.5');
    }
    await page.close();
  });

  test('several answers have their names; none says that a score stays private where one is shown', async () => {
    const page = await receipt('mixed-a');
    expect(await page.locator('#decision-said h3').allTextContents()).toEqual([
      'decision',
      'band',
      'score',
      'reasons',
    ]);
    expect(await page.locator('#decision-said .big').allTextContents()).toEqual([
      'granted',
      'C',
      '29.2969 log odds',
    ]);
    expect(await page.textContent('#decision-said')).not.toContain('private');
    expect(await page.textContent('#details .facts')).toContain('Within what was allowed, on 598 rows');
    await page.close();
  });

  test('lists what it carries and nobody checked', async () => {
    const page = await receipt('mixed-a');
    expect(await page.locator('#details .unchecked code').allTextContents()).toEqual([
      'model.sidecars.transcript',
      'sidecars.logProof',
    ]);
    expect(await page.textContent('#details .unchecked')).toContain('about the statement');
    await page.close();
  });

  test('of a model with several inputs and outputs: texts as they are in the table, and both answers', async () => {
    const page = await receipt('credit-a');
    expect(await page.locator('#decision-said h3').allTextContents()).toEqual([
      'output_label',
      'output_probability',
    ]);
    expect(await page.textContent('#decision-said .big')).toBe('good');
    await openInput(page, opening('credit-a'));
    await fillIn(page, { '#row': APPLICANT });
    expect(await page.textContent('.check[data-check=input]')).toContain('Passed');
    expect(await page.textContent('#data-said .distance')).toBe(
      'About the data you gave. The model takes whole numbers and categories as they are; here all of them agree. Trial only',
    );
    const rows = await page.locator('#data-said tbody tr').all();
    const texts = await Promise.all(rows.map((row) => row.locator('th, td').allTextContents()));
    expect(texts[1]).toEqual(['credit_amount', '1736agrees', '1736']);
    expect(texts[4]).toEqual(['purpose', 'furniture/equipment', 'furniture/equipment']);
    await ask(page, '#row', APPLICANT.replace('furniture/equipment', 'business'));
    expect(await page.textContent('.check.fail')).toContain('QP7604');
    await page.close();
  });

  test('a category that the model does not know is called so', async () => {
    const page = await receipt('credit-b');
    await openInput(page, opening('credit-b'));
    const rows = await page.locator('#data-said tbody tr').allTextContents();
    expect(rows[4]).toBe('purposea category the model does not know');
    await fillIn(page, { '#row': '12,1500,30,,yacht,... < 100 DM,own' });
    expect(await page.textContent('.check[data-check=input]')).toContain('Passed');
    await page.close();
  });

  test('of a key with a transcript it says what that shows, and that the rest is the provider’s word', async () => {
    const page = await receipt('ceremony-a');
    expect(await page.locator('#q-change p').allTextContents()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^It depends on a key: .* 2: Ada, Grace\. Provider’s word$/),
        expect.stringMatching(
          /^The key shows that 2 secrets went into it, .* does not show .* If the model is right$/,
        ),
      ]),
    );
    const setup = await page.textContent('.check[data-check=setup]');
    expect(setup).toMatch(
      /^Key setup Provider’s wordShown: each of 2 contributions .* Not shown: that the rest/,
    );
    await page.close();
  });

  test('a row with texts: words, and those in quotes', async () => {
    const page = await receipt('mixed-a');
    const row = JSON.parse(fileOfCase('input/opening-and-row', 'input').toString()) as (number | string)[];
    await openInput(page, opening('mixed-a'));
    await ask(page, '#row', row.join(' '));
    expect(await page.textContent('.check[data-check=input]')).toContain('Passed');
    await ask(page, '#row', row.join(' ').replace('car', '"other"'));
    expect(await page.textContent('.check.fail')).toContain('QP7604');
    await ask(page, '#row', '5 "car');
    expect(await page.textContent('#row-error')).toContain('double quote');
    await page.close();
  });

  test('an accepted loss and the record’s part of the context are shown as claims until they are asked for', async () => {
    const page = await receipt('open-a');
    expect(await page.textContent('#q-model')).toContain('differs from its original one more than it wanted');
    const part = page.locator('dd:has([data-id=context])');
    expect(await part.textContent()).toMatch(/^[0-9a-f]{64} Provider’s word$/);
    await ask(page, '#context', 'claim 12');
    expect(await part.textContent()).toMatch(/^[0-9a-f]{64}$/);
    await page.close();
  });

  test('a record’s part alone is no context that somebody asked for', async () => {
    const names = [];
    for (const name of ['id-a', 'id-b']) {
      const page = await receipt(name);
      names.push((await page.textContent('#data-said'))?.includes('It names no occasion'));
      await page.close();
    }
    expect(names).toEqual([false, true]);
  });

  test('fits a phone with its input opened, and every colour reads, light and dark', async () => {
    const page = await receipt('mixed-a');
    await openInput(page, opening('mixed-a'));
    await page.evaluate(() =>
      document.querySelectorAll('details').forEach((one) => {
        one.open = true;
      }),
    );
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

function ask(page: Page, field: string, text: string): Promise<void> {
  return fillIn(page, { [field]: text });
}

function finding(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.documentElement.dataset.state);
}
