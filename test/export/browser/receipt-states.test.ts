import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type AxeCore from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FindingKind, TONES } from '../../../src/export/browser/page/finding.ts';
import { QUESTIONS } from '../../../src/export/browser/page/words.ts';
import { type PageAssets, readPageAssets } from '../../../src/export/browser/page-assets.ts';
import { MISSING_BROWSER, type OpenBrowser, openBrowser } from './support/browser.ts';
import { openState } from './support/open-page.ts';
import { STATES } from './support/states.ts';

const ASSETS = new URL('../../../dist/export/browser/assets/', import.meta.url);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** One of each finding is checked for accessibility, and all with QUIETPROOF_ALL_CASES. */
const EXAMINED =
  process.env.QUIETPROOF_ALL_CASES === '1'
    ? new Set(STATES)
    : new Set(new Map([...STATES].reverse().map((state) => [state.finding, state])).values());

let browser: OpenBrowser;
let assets: PageAssets;
let folder: string;

describe.skipIf(MISSING_BROWSER !== undefined)('each state of the page', () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'states-'));
    assets = await readPageAssets(ASSETS);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(STATES)('$name', async (state) => {
    const page = await openState(browser.context, folder, state, assets);
    const seen = await page.evaluate(look);
    expect(seen).toMatchObject({
      state: state.finding,
      tone: state.finding === 'waiting' ? 'none' : TONES[state.finding],
      headline: state.headline,
      questions: state.questions.map((question) => QUESTIONS[question]),
      unfolded: [],
    });
    for (const sentence of state.says ?? []) expect(seen.text).toContain(sentence);
    for (const sentence of state.saysNot ?? []) expect(seen.text).not.toContain(sentence);
    // What a stranger to proofs sees first has no digest and none of the field's words.
    expect(seen.text).not.toMatch(/[0-9a-f]{16}/);
    expect(seen.text).not.toMatch(
      /binding|pairing|in-toto|groth16|public signal|verification key|statement/i,
    );
    if (EXAMINED.has(state)) expect(await violations(page)).toEqual([]);
    await page.close();
  });

  test('every finding has a state here', () => {
    const reached = new Set(STATES.map(({ finding }) => finding));
    expect((Object.keys(TONES) as FindingKind[]).filter((kind) => !reached.has(kind))).toEqual([]);
  });

  test('only a model that the reader or the page named makes a result green', () => {
    const green = (Object.keys(TONES) as FindingKind[]).filter((kind) => TONES[kind] === 'good');
    expect(green).toEqual(['confirmed']);
  });
});

/** What a reader sees. Runs in the page. */
function look() {
  const shown = (element: Element) => element.checkVisibility();
  const texts = (selector: string) =>
    [...document.querySelectorAll(selector)].filter(shown).map(({ textContent }) => textContent);
  return {
    state: document.documentElement.dataset.state,
    tone: document.querySelector<HTMLElement>('#verdict')?.dataset.tone,
    headline: document.querySelector('h1')?.textContent,
    questions: texts('.question h2'),
    unfolded: [...document.querySelectorAll('details[open]')]
      .filter(shown)
      .map(({ id }) => id)
      .filter((id) => id !== 'compare'),
    text: document.body.innerText,
  };
}

/**
 * Violations of accessibility rules, with nothing folded away: of all rules in light colours, of those about colours also
 * in dark ones.
 */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    for (const folded of document.querySelectorAll('details')) folded.open = true;
  });
  await page.evaluate(AXE);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await page.evaluate(runAxe, undefined);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await page.evaluate(runAxe, ['color-contrast']);
  return [...light.map((one) => `light: ${one}`), ...dark.map((one) => `dark: ${one}`)];
}

/** Runs in the page. */
async function runAxe(rules: string[] | undefined): Promise<string[]> {
  const { axe } = globalThis as unknown as { axe: typeof AxeCore };
  const { passes, violations: broken } = await axe.run(document, {
    resultTypes: ['violations'],
    ...(rules !== undefined && { runOnly: rules }),
  });
  if (passes.length === 0) return ['axe found nothing to check'];
  return broken.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
