import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Bundle, contextSignal, fileJson, type ModelRecord } from '@quietproof/verify';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assembleBundle, packBundle } from '../../../src/bundle/assemble-bundle.ts';
import { makeModelRecord } from '../../../src/bundle/make-model-record.ts';
import { makeOpening } from '../../../src/bundle/make-opening.ts';
import { type PageAssets, readPageAssets } from '../../../src/export/browser/page-assets.ts';
import { pageHtml } from '../../../src/export/browser/page-html.ts';
import {
  ceremony,
  DIGEST_SALT,
  DIGEST_VALUES,
  digestBundle,
  digestFixture,
  digestInterface,
  digestRecord,
  manifestOf,
  ORDER_7,
  publicBundle,
} from '../../verify/support/corpus.ts';
import { MISSING_BROWSER, type OpenBrowser, openBrowser } from './support/browser.ts';
import { lowestContrast } from './support/contrast.ts';

const ASSETS = new URL('../../../dist/export/browser/assets/', import.meta.url);

let browser: OpenBrowser;
let assets: PageAssets;
let folder: string;
const requests: string[] = [];
const errors: string[] = [];

describe.skipIf(MISSING_BROWSER !== undefined)('in Chromium, without network', () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'receipts-'));
    assets = await readPageAssets(ASSETS);
    browser = await openBrowser();
    browser.context.on('request', (request) => requests.push(request.url()));
    browser.context.on('console', (message) => errors.push(message.text()));
    browser.context.on('weberror', (error) => errors.push(error.error().message));
    // The first page includes the browser's start-up time.
    await (await show('warm-up', pageHtml({ bundle: bytes(publicBundle()) }, assets))).close();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('a good receipt is valid, less than a second after opening', async () => {
    const page = await receipt('good', publicBundle());
    const took = Number(await page.evaluate(() => document.documentElement.dataset.took));
    expect(await state(page)).toBe('valid');
    expect(await page.textContent('h1')).toBe(
      'Valid Not checked: whether it is the model you expect, and what it was made for.',
    );
    expect(await page.isVisible('text=The sender wrote this page')).toBe(true);
    expect(took).toBeGreaterThan(0);
    expect(took).toBeLessThan(1000);
    await page.close();
  });

  test('it shows the answer, the input, the model, and claims marked as claims', async () => {
    const page = await receipt('content', publicBundle());
    expect(await page.textContent('#answer')).toContain('yes-1.75');
    expect(await page.textContent('#input-shown')).toContain('-3.125');
    const facts = await page.textContent('#facts');
    expect(facts).toContain(publicBundle().model.ids.modelId);
    expect(facts).toContain('97.5 %');
    expect(await page.locator('.check').count()).toBe(14);
    await page.close();
  });

  test('a development setup is in the headline and in a warning', async () => {
    const page = await receipt('development', digestBundle());
    expect(await page.textContent('h1')).toContain('Development setup.');
    expect(await page.textContent('#warnings')).toContain('can forge proofs');
    await page.close();
  });

  const good = publicBundle();
  const [first] = good.publicSignals;
  test.each<[string, string, Bundle | string]>([
    ['proof', 'QP7505', { ...good, proof: { ...good.proof, pi_c: good.proof.pi_a } }],
    ['points', 'QP7502', { ...good, proof: { ...good.proof, pi_a: ['1', '3', '1'] } }],
    ['binding', 'QP7203', { ...good, publicSignals: good.publicSignals.with(0, `${BigInt(first!) + 1n}`) }],
    [
      'model-record',
      'QP7104',
      { ...good, model: { ...good.model, setup: { ...ceremony, contributions: [] } } },
    ],
    ['format', 'QP7009', `${fileJson(good)} `],
    ['format', 'QP7001', 'not a bundle'],
  ])('a tampered one is not valid, and the failed check is %s', async (check, code, bundle) => {
    const page = await receipt('bad', bundle);
    expect(await state(page)).toBe('not-valid');
    expect(await page.textContent('h1')).toMatch(/^Not valid Failed: /);
    expect(await page.getAttribute('.check.fail', 'data-check')).toBe(check);
    expect(await page.textContent('.check.fail')).toContain(code);
    expect(await page.locator('#answer').isHidden()).toBe(true);
    await page.close();
  });

  test('damaged data in the page is not valid', async () => {
    const html = pageHtml({ bundle: bytes(good) }, assets).replace('bundle">ew', 'bundle">*w');
    const page = await show('damaged', html);
    expect(await page.textContent('.check.fail')).toContain('QP7011');
    await page.close();
  });

  test('names from a bundle are shown as text, even if they contain HTML', async () => {
    const evil = '</script><img src=x onerror="document.title=1"><script>document.title=2</script>';
    const page = await receipt('evil', named(evil));
    expect(await state(page)).toBe('valid');
    expect(await page.textContent('.big')).toBe(evil);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Valid · proof receipt');
    await page.close();
  });

  test('the reader pins a model: the right one, another one, and something else', async () => {
    const page = await receipt('pin', publicBundle());
    await page.fill('#model', publicBundle().model.ids.modelId);
    await page.click('button[type=submit]');
    expect(await page.textContent('h1')).toBe('Valid Not checked: what it was made for.');
    await page.fill('#model', 'ab'.repeat(32));
    await page.click('button[type=submit]');
    expect(await page.textContent('h1')).toBe('Not valid Failed: Expected model.');
    await page.fill('#model', '12');
    await page.click('button[type=submit]');
    expect(await page.textContent('#model-error')).toContain('64 digits');
    expect(await page.getAttribute('#model', 'aria-invalid')).toBe('true');
    await page.close();
  });

  test('the reader opens the input with its row and its opening file, and checks the context', async () => {
    const index = digestFixture.proofs.findIndex(
      ({ publicSignals }) => publicSignals.at(-1) === contextSignal(ORDER_7).toString(),
    );
    const page = await receipt('open', digestBundle(index));
    const opening = makeOpening(digestRecord(), { index, values: DIGEST_VALUES, salt: DIGEST_SALT });
    const file = path.join(folder, 'row.opening.json');
    await writeFile(file, fileJson(opening));
    await page.fill('#model', digestRecord().ids.modelId);
    await page.fill('#context', 'order 7');
    await page.fill('#row', '-0.5, 0, 0.5, 1');
    await page.setInputFiles('#opening', file);
    await page.waitForFunction(() =>
      document.querySelector('[data-check=input]')?.classList.contains('pass'),
    );
    expect(await page.textContent('h1')).toBe('Valid Development setup.');
    expect(await page.textContent('#input-shown')).toContain('0.5 kg');
    await page.fill('#row', '-0.5 0 0.5 7');
    await page.click('button[type=submit]');
    expect(await page.textContent('.check.fail')).toContain('QP7604');
    await page.close();
  });

  test('verify.html accepts thin bundles and receipts of its model, and refuses others', async () => {
    const record = digestRecord(ceremony);
    const page = await show('verify', pageHtml({ model: bytes(record) }, assets));
    expect(await state(page)).toBe('waiting');
    expect(await page.textContent('#pinned')).toContain(record.ids.modelId);
    const thin = assembleBundle(record, { ...digestFixture.proofs[0]!, row: { index: 0 } });
    const files: [string, string, string][] = [
      ['thin.proof.json', fileJson(thin), 'Valid'],
      ['receipt.html', pageHtml({ bundle: bytes(packBundle(thin, record)) }, assets), 'Valid'],
      [
        'other.html',
        pageHtml({ bundle: bytes(publicBundle()) }, assets),
        'Not valid Failed: Expected model.',
      ],
      ['empty.html', '<p>', 'Not valid Failed: File format.'],
    ];
    for (const [name, text, headline] of files) {
      await writeFile(path.join(folder, name), text);
      await page.setInputFiles('#file', path.join(folder, name));
      await page.waitForFunction(
        (shown) => document.querySelector('.about .foreign')?.textContent === shown,
        name,
      );
      expect(await page.textContent('h1'), name).toMatch(new RegExp(`^${headline}`));
    }
    await page.close();
  });

  test('works with the keyboard: the first stop leads to the verdict, the drop zone is a file field', async () => {
    const page = await receipt('keyboard', publicBundle());
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('file');
    expect(await page.getAttribute('#verdict', 'role')).toBe('status');
    await page.close();
  });

  test('fits a phone, and all text has enough contrast, light and dark', async () => {
    const page = await receipt('phone', digestBundle());
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await page.evaluate(lowestContrast)).toBeGreaterThanOrEqual(4.5);
    }
    await page.close();
  });

  // Last, because it covers all pages above.
  test('no page requested anything but itself, and none reported an error', () => {
    expect(requests.length).toBeGreaterThan(10);
    expect(requests.filter((url) => !url.startsWith(`${pathToFileURL(folder).href}/`))).toEqual([]);
    expect(requests.filter((url) => !url.endsWith('.html'))).toEqual([]);
    expect(errors).toEqual([]);
  });
});

async function receipt(name: string, bundle: Bundle | string): Promise<Page> {
  const content = typeof bundle === 'string' ? new TextEncoder().encode(bundle) : bytes(bundle);
  return show(name, pageHtml({ bundle: content }, assets));
}

/** Opens a page from a file and waits for its verdict. */
async function show(name: string, html: string): Promise<Page> {
  const file = path.join(folder, `${name}.html`);
  await writeFile(file, html);
  const page = await browser.context.newPage();
  await page.goto(pathToFileURL(file).href);
  await page.waitForFunction(() => document.documentElement.dataset.state !== 'checking');
  return page;
}

function state(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.documentElement.dataset.state);
}

function bytes(value: Bundle | ModelRecord): Uint8Array {
  return new TextEncoder().encode(fileJson(value));
}

/** A valid bundle whose answer has the given name. */
function named(name: string): Bundle {
  const names = Array.from({ length: 10 }, () => name);
  const modelInterface = { ...digestInterface, output: { kind: 'argmax' as const, count: 10, names } };
  const record = makeModelRecord({
    interface: modelInterface,
    manifest: manifestOf('c'.repeat(64)),
    setup: ceremony,
    verificationKey: digestFixture.verificationKey,
  });
  return packBundle(assembleBundle(record, { ...digestFixture.proofs[0]!, row: { index: 0 } }), record);
}
