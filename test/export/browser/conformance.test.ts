import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type Answer, type Case, CORPORA, type CorpusName } from '../../../src/conformance/case.ts';
import { judgeAll } from '../../../src/conformance/judge.ts';
import { kindOf } from '../../../src/export/browser/page/file-kind.ts';
import { readPageAssets } from '../../../src/export/browser/page-assets.ts';
import { pageHtml } from '../../../src/export/browser/page-html.ts';
import { materialise, readCases } from '../../conformance/materialise.ts';
import { MISSING_BROWSER, openBrowser } from './support/browser.ts';

const ASSETS = new URL('../../../dist/export/browser/assets/', import.meta.url);
const KINDS = { bundle: 'bundle', companion: 'model', opening: 'opening' } as const;
/** Of each corpus: one case in `every` is asked, all with QUIETPROOF_ALL_CASES; that makes at least `enough`. */
const SAMPLE: Readonly<Record<CorpusName, { readonly every: number; readonly enough: number }>> = {
  bundles: { every: 16, enough: 12 },
  'bundles-v2': { every: 24, enough: 30 },
};
const ALL = process.env.QUIETPROOF_ALL_CASES === '1';

/** Whether a user can give the case to the page: files of recognisable kinds, a context and a row that can be typed. */
function canBeAsked({ command, files, context, model }: Case, corpus: CorpusName): boolean {
  const typed = context === undefined || /^(2[0-9a-f]|[3-6][0-9a-f]|7[0-9a-e])+$/.test(context);
  const asFiles = Object.entries(files).every(
    ([name, source]) =>
      name === 'input' ||
      (name in KINDS && kindOf(materialise(source, corpus).toString()) === KINDS[name as keyof typeof KINDS]),
  );
  return command === 'verify-bundle' && typed && asFiles && /^([0-9a-f]{64})?$/.test(model ?? '');
}

test.skipIf(MISSING_BROWSER !== undefined).each(CORPORA)(
  'on %s the page gives the verdict of the conformance suite for the cases that it can be given',
  { timeout: 900_000 },
  async (corpus) => {
    const { every, enough } = SAMPLE[corpus];
    const askable = readCases(corpus).filter((one) => canBeAsked(one, corpus));
    const sample = askable.filter((_, index) => ALL || index % every === 0);
    // A case with the record of another one is judged beside it.
    const compared = new Set(sample.map(({ sameRecordAs }) => sameRecordAs));
    const cases = askable.filter((one) => sample.includes(one) || compared.has(one.id));
    expect(cases.length).toBeGreaterThan(enough);
    const folder = await mkdtemp(path.join(tmpdir(), 'page-'));
    const { context, close } = await openBrowser();
    try {
      const file = path.join(folder, 'page.html');
      // A page whose embedded bundle is empty, so that it has no model record.
      await writeFile(file, pageHtml({ bundle: new Uint8Array() }, await readPageAssets(ASSETS)));
      const page = await context.newPage();
      const answers = new Map<string, Answer>();
      // The page keeps a model record from a file, or from a bundle that was valid before the context was checked.
      let used = true;
      for (const one of cases) {
        if (used) await page.goto(pathToFileURL(file).href);
        const answer = await ask(page, one, corpus);
        used = answer.verdict !== 'invalid' || one.files.companion !== undefined || asksMore(one);
        answers.set(one.id, answer);
      }
      expect(Object.fromEntries(judgeAll(cases, answers))).toEqual({});
    } finally {
      await close();
      await rm(folder, { recursive: true });
    }
  },
);

/** What is asked only after the bundle has been opened and checked. */
function asksMore({ context, tolerance, files: { input } }: Case): boolean {
  return context !== undefined || tolerance !== undefined || input !== undefined;
}

/** Fields may be folded away. */
function fill(page: Page, field: string, text: string): Promise<void> {
  return page.evaluate(
    ([id, value]) => {
      const found = document.getElementById(id as string) as HTMLInputElement;
      found.value = value as string;
    },
    [field, text],
  );
}

async function ask(page: Page, one: Case, corpus: CorpusName): Promise<Answer> {
  const { id, files, model, context, tolerance } = one;
  const { input, ...dropped } = files;
  await page.waitForFunction(() => document.documentElement.dataset.state !== 'checking');
  await fill(page, 'model', model ?? '');
  const given = Object.entries(dropped).map(([name, source]) => ({
    name: name === 'bundle' ? id : name,
    mimeType: 'application/json',
    buffer: materialise(source, corpus),
  }));
  await page.setInputFiles('#file', given);
  await page.waitForFunction((name) => document.querySelector('.about .foreign')?.textContent === name, id);
  if (asksMore(one)) {
    await fill(page, 'context', Buffer.from(context ?? '', 'hex').toString());
    await fill(page, 'tolerance', tolerance ?? '');
    await fill(page, 'row', input === undefined ? '' : materialise(input, corpus).toString());
    await page.evaluate(() => document.querySelector<HTMLFormElement>('#questions')?.requestSubmit());
  }
  return page.evaluate(() => {
    const status = (check: string) => document.querySelector(`[data-check=${check}]`)?.className;
    const failed = document.querySelector<HTMLElement>('.check.fail')?.dataset.check;
    const lacking = document.querySelector<HTMLElement>('.check.missing')?.dataset.check;
    if (failed !== undefined) return { verdict: 'invalid' as const, check: failed };
    if (lacking !== undefined) return { verdict: 'incomplete' as const, check: lacking };
    const verdict = status('model') === 'check pass' ? ('valid' as const) : ('unpinned' as const);
    const shown = (id: string) =>
      document.querySelector(`#details .facts [data-id=${id}]`)?.textContent ?? undefined;
    const [recordId, statement, leaf] = ['record', 'statement', 'leaf'].map(shown);
    const unchecked = [...document.querySelectorAll('#details .unchecked code')].map(
      ({ textContent }) => textContent,
    );
    return {
      verdict,
      ...(recordId !== undefined && { recordId }),
      ...(statement !== undefined && { statement }),
      ...(leaf !== undefined && { leaf }),
      unchecked,
      ...(status('setup') === 'check claimed' && { setup: 'claimed' }),
      ...(status('seal') === 'check claimed' && { seal: 'claimed' }),
    };
  });
}
