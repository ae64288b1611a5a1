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
import { fillIn, openFile, pin } from './support/states.ts';

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

  test('a good receipt is checked on opening, records how long that took, and says who wrote the page', async () => {
    const page = await receipt('good', publicBundle());
    const took = Number(await page.evaluate(() => document.documentElement.dataset.took));
    expect(await state(page)).toBe('unconfirmed');
    expect(await page.isVisible('text=Whoever sent you this page also wrote it')).toBe(true);
    expect(took).toBeGreaterThan(0);
    await page.close();
  });

  test('it shows the answer and the input, and folded away the model, with claims marked as claims', async () => {
    const page = await receipt('content', publicBundle());
    expect(await page.textContent('#q-decision')).toContain('yes-1.75');
    expect(await page.textContent('#q-data')).toContain('-3.125± 0.0625');
    expect(await page.isVisible('#details-said')).toBe(false);
    const facts = await page.textContent('#details .facts');
    expect(facts).toContain(publicBundle().model.ids.modelId);
    expect(facts).toContain('97.5 %');
    expect(await page.locator('.check').count()).toBe(14);
    expect(await page.locator('#q-model .mark-claimed').allTextContents()).toEqual([
      'Provider’s word',
      'Provider’s word',
    ]);
    await page.close();
  });

  test('of the people who set up the key it says how many, and that this is the provider’s word', async () => {
    const page = await receipt('ceremony', publicBundle());
    expect(await page.textContent('#q-change p:has(.mark-claimed)')).toBe(
      'It depends on a key: whoever set that up alone could make up receipts. The receipt names one. Provider’s word',
    );
    await page.close();
  });

  const good = publicBundle();
  const [first] = good.publicSignals;
  test.each<[string, string, string, Bundle | string]>([
    ['proof', 'QP7505', 'changed', { ...good, proof: { ...good.proof, pi_c: good.proof.pi_a } }],
    ['points', 'QP7502', 'changed', { ...good, proof: { ...good.proof, pi_a: ['1', '3', '1'] } }],
    [
      'binding',
      'QP7203',
      'changed',
      { ...good, publicSignals: good.publicSignals.with(0, `${BigInt(first!) + 1n}`) },
    ],
    [
      'model-record',
      'QP7104',
      'changed',
      { ...good, model: { ...good.model, setup: { ...ceremony, contributions: [] } } },
    ],
    ['format', 'QP7009', 'changed', fileJson(good).replace('{', '{ ')],
    ['format', 'QP7001', 'unreadable', 'not a bundle'],
  ])('a tampered one is red, and the failed check is %s (%s)', async (check, code, finding, bundle) => {
    const page = await receipt('bad', bundle);
    expect(await state(page)).toBe(finding);
    expect(await page.getAttribute('.check.fail', 'data-check')).toBe(check);
    expect(await page.textContent('.check.fail')).toContain(code);
    expect(await page.locator('#q-decision').isHidden()).toBe(true);
    await page.close();
  });

  test('damaged data in the page is not valid', async () => {
    const html = pageHtml({ bundle: bytes(good) }, assets).replace('bundle">ew', 'bundle">*w');
    const page = await show('damaged', html);
    expect(await page.textContent('.check.fail')).toContain('QP7011');
    expect(await page.textContent('.lead')).toContain('The proof inside this page cannot be read');
    await page.close();
  });

  test('names from a bundle are shown as text, even if they contain HTML', async () => {
    const evil = '</script><img src=x onerror="document.title=1"><script>document.title=2</script>';
    const page = await receipt('evil', named(evil));
    expect(await state(page)).toBe('unconfirmed');
    expect(await page.textContent('.big')).toBe(evil);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toMatch(/^Not confirmed yet/);
    await page.close();
  });

  const id = good.model.ids.modelId;
  test.each([
    ['as it is', id],
    ['in capitals, in groups and lines', `  ${id.toUpperCase().replace(/.{8}/g, '$& ')}\n`],
    ['with its prefix', `sha256:${id}`],
  ])('the id of the model turns it green: %s', async (_, pasted) => {
    const page = await receipt('pin', good);
    await pin(page, pasted);
    expect(await state(page)).toBe('confirmed');
    expect(await page.isVisible('#pin')).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('verdict');
    await page.close();
  });

  test.each([
    ['too short', id.slice(0, 16), 'The id is too short: 16 of 64 characters.'],
    ['cut off, as programs print it', `${id.slice(0, 16)}…`, 'The id is too short: 16 of 64 characters.'],
    ['too long', `${id}0`, 'The id is too long: 65 characters instead of 64.'],
    ['with a stray letter', id.replace(/^./, 'z'), 'here is “z” at place 1'],
  ])('an id that is none leaves it amber, and says what is wrong: %s', async (_, pasted, message) => {
    const page = await receipt('no-id', good);
    await pin(page, pasted);
    expect(await page.textContent('#model-error')).toContain(message);
    expect(await page.getAttribute('#model', 'aria-invalid')).toBe('true');
    expect(await state(page)).toBe('unconfirmed');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('model');
    await page.close();
  });

  test('another id is red, until the right one is given; then the reader can compare with another one', async () => {
    const page = await receipt('another', good);
    await pin(page, 'ab'.repeat(32));
    expect(await state(page)).toBe('another-model');
    await pin(page, id);
    expect(await state(page)).toBe('confirmed');
    await page.click('#again');
    expect(await state(page)).toBe('unconfirmed');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('model');
    // An id that cannot be read never keeps the result of the one before it.
    await pin(page, id);
    await page.click('#again');
    await pin(page, id.slice(1));
    expect(await state(page)).toBe('unconfirmed');
    await page.close();
  });

  test('the reader opens the input with its row and its opening file, and checks the context', async () => {
    const index = digestFixture.proofs.findIndex(
      ({ publicSignals }) => publicSignals.at(-1) === contextSignal(ORDER_7).toString(),
    );
    const page = await receipt('open', digestBundle(index));
    const opening = makeOpening(digestRecord(), { index, values: DIGEST_VALUES, salt: DIGEST_SALT });
    await pin(page, digestRecord().ids.modelId);
    await openFile(page, '#opening', 'row.opening.json', fileJson(opening));
    await fillIn(page, { '#context': 'order 7', '#row': '-0.5, 0, 0.5, 1' });
    expect(await state(page)).toBe('trial');
    expect(await page.textContent('#q-data')).toContain('0.5 kg');
    expect(await page.textContent('#q-data')).toContain('It was made for “order 7”, as you asked.');
    await fillIn(page, { '#row': '-0.5 0 0.5 7' });
    expect(await state(page)).toBe('other-data');
    expect(await page.textContent('.check.fail')).toContain('QP7604');
    await page.close();
  });

  test('verify.html accepts thin bundles and receipts of its model, and refuses others', async () => {
    const record = digestRecord(ceremony);
    const page = await show('verify', pageHtml({ model: bytes(record) }, assets));
    expect(await state(page)).toBe('waiting');
    expect(await page.isVisible('text=Whoever sent you this page')).toBe(false);
    await page.click('#said summary');
    expect(await page.isVisible(`text=${record.ids.modelId}`)).toBe(true);
    const thin = assembleBundle(record, { ...digestFixture.proofs[0]!, row: { index: 0 } });
    const files: [string, string, string][] = [
      ['thin.proof.json', fileJson(thin), 'confirmed'],
      ['receipt.html', pageHtml({ bundle: bytes(packBundle(thin, record)) }, assets), 'confirmed'],
      ['other.html', pageHtml({ bundle: bytes(publicBundle()) }, assets), 'another-model'],
      ['empty.html', '<p>', 'unreadable'],
    ];
    for (const [name, text, finding] of files) {
      await openFile(page, '#file', name, text);
      expect(await page.textContent('.about .foreign')).toBe(name);
      expect(await state(page), name).toBe(finding);
      expect(await page.isVisible('#pin')).toBe(false);
    }
    await page.close();
  });

  test('a thin bundle is complete with the model.json beside it', async () => {
    const { model, ...thin } = digestBundle();
    const page = await receipt('beside', publicBundle());
    await openFile(page, '#file', '000000.proof.json', fileJson(thin));
    expect(await state(page)).toBe('incomplete');
    await page.setInputFiles('#file', [
      { name: '000000.proof.json', mimeType: 'application/json', buffer: Buffer.from(fileJson(thin)) },
      { name: 'model.json', mimeType: 'application/json', buffer: Buffer.from(fileJson(model)) },
    ]);
    await page.waitForFunction(() => document.documentElement.dataset.state === 'trial');
    await page.close();
  });

  test('where scripts do not run, nothing claims to be checked', async () => {
    const file = path.join(folder, 'no-script.html');
    await writeFile(file, pageHtml({ bundle: bytes(good) }, assets));
    const page = await browser.context.newPage();
    const session = await browser.context.newCDPSession(page);
    await session.send('Emulation.setScriptExecutionDisabled', { value: true });
    await page.goto(pathToFileURL(file).href);
    expect(await page.locator('h1').textContent()).toBe('Nothing has been checked yet.');
    expect(await page.locator('noscript').isVisible()).toBe(true);
    expect(await page.locator('.question').first().isVisible()).toBe(false);
    await page.close();
  });

  test('on paper: the answers and whole ids, no fields, and no claim that it was checked', async () => {
    const page = await receipt('paper', good);
    await page.emulateMedia({ media: 'print' });
    const text = await page.evaluate(() => document.body.innerText);
    expect(text).toContain('What was decided?');
    expect(text).toContain(id);
    expect(text).toContain('This printout does not claim where or when the receipt was checked');
    expect(await page.locator('input, button, summary, textarea').evaluateAll(countVisible)).toBe(0);
    await page.close();
  });

  test('works with the keyboard: the result, the id, the folds and the drop zone are stops', async () => {
    const page = await receipt('keyboard', publicBundle());
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('model');
    await page.keyboard.type(id);
    await page.keyboard.press('Enter');
    expect(await state(page)).toBe('confirmed');
    await page.focus('#details summary');
    await page.keyboard.press('Enter');
    expect(await page.isVisible('#details-said')).toBe(true);
    await page.focus('#file');
    expect(await page.getAttribute('#said', 'role')).toBe('status');
    await page.close();
  });

  test('fits a phone, and all text has enough contrast, light and dark', async () => {
    const page = await receipt('phone', digestBundle());
    await page.evaluate(unfold);
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

/** Runs in the page. */
function unfold(): void {
  for (const details of document.querySelectorAll('details')) details.open = true;
}

/** Runs in the page. */
function countVisible(elements: readonly Element[]): number {
  return elements.filter((element) => element.checkVisibility()).length;
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
