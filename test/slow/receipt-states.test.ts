import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PageAssets, readPageAssets } from '../../src/export/browser/page-assets.ts';
import { type OpenBrowser, openBrowser } from '../export/browser/support/browser.ts';
import { openState } from '../export/browser/support/open-page.ts';
import { STATES } from '../export/browser/support/states.ts';

/**
 * Takes a picture of every state of receipts and verify.html, at two widths, in light and dark colours and as printed,
 * for maintainers to look at. PICTURES names the folder to write them to; STATE takes those of one state only.
 */
const ASSETS = new URL('../../dist/export/browser/assets/', import.meta.url);
const OUT = process.env.PICTURES ?? path.join(tmpdir(), 'receipt-pictures');
const ONLY = process.env.STATE;
const WIDTHS = [390, 1280];
/** A4 without its margins, in CSS pixels. */
const PAPER = { width: 688, height: 1017 };
/** The pictures of receipts in the documentation are these states at this width. */
const DOCUMENTED: Readonly<Record<string, string>> = {
  'confirmed-compared': 'receipt.png',
  'trial-texts': 'credit-receipt.png',
};
const DOCUMENTED_WIDTH = 820;

let browser: OpenBrowser;
let assets: PageAssets;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'states-'));
  await mkdir(OUT, { recursive: true });
  assets = await readPageAssets(ASSETS);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
  console.log(`Pictures are in ${OUT}`);
});

test.each(STATES.filter(({ name }) => ONLY === undefined || name === ONLY))(
  '$name fits its width on screens and on paper',
  { timeout: 900_000 },
  async (state) => {
    const page = await openState(browser.context, folder, state, assets);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await picture(page, `${state.name}-${width}-${colorScheme}`, width);
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    const file = DOCUMENTED[state.name];
    if (file !== undefined) await documented(page, file);
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize(PAPER);
    await picture(page, `${state.name}-print`, PAPER.width);
    await page.close();
  },
);

async function picture(page: Page, name: string, width: number): Promise<void> {
  await page.screenshot({ path: path.join(OUT, `${name}.png`), fullPage: true });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
}

/** Without what lies below the answers. */
async function documented(page: Page, file: string): Promise<void> {
  await page.setViewportSize({ width: DOCUMENTED_WIDTH, height: 900 });
  const bottom = await page.evaluate(() => document.querySelector('#details')?.getBoundingClientRect().top);
  const clip = { x: 0, y: 0, width: DOCUMENTED_WIDTH, height: Math.floor(bottom ?? 900) };
  await page.screenshot({ path: path.join(OUT, file), fullPage: true, clip });
}
