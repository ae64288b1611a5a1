import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { kindOf } from '../../../src/export/browser/page/questions.ts';
import { readPageAssets } from '../../../src/export/browser/page-assets.ts';
import { pageHtml } from '../../../src/export/browser/page-html.ts';
import type { Answer, Case } from '../../conformance/case-types.ts';
import { judgeAll } from '../../conformance/judge.ts';
import { materialise, readCases } from '../../conformance/materialise.ts';
import { MISSING_BROWSER, openBrowser } from './support/browser.ts';

const ASSETS = new URL('../../../dist/export/browser/assets/', import.meta.url);
const KINDS = { bundle: 'bundle', companion: 'model', opening: 'opening' } as const;

/** Whether a user can give the case to the page: files of recognisable kinds, a context that can be typed, no row. */
function canBeAsked({ command, files, context, model }: Case): boolean {
  const typed = context === undefined || /^(2[0-9a-f]|[3-6][0-9a-f]|7[0-9a-e])+$/.test(context);
  const asFiles = Object.entries(files).every(
    ([name, source]) =>
      name in KINDS && kindOf(materialise(source).toString()) === KINDS[name as keyof typeof KINDS],
  );
  return command === 'verify-bundle' && typed && asFiles && /^([0-9a-f]{64})?$/.test(model ?? '');
}

test.skipIf(MISSING_BROWSER !== undefined)(
  'the page gives the verdict of the conformance suite for every case that it can be given',
  { timeout: 900_000 },
  async () => {
    const cases = readCases().filter(canBeAsked);
    expect(cases.length).toBeGreaterThan(200);
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
        const answer = await ask(page, one);
        used = answer.verdict !== 'invalid' || one.files.companion !== undefined || one.context !== undefined;
        answers.set(one.id, answer);
      }
      expect(Object.fromEntries(judgeAll(cases, answers))).toEqual({});
    } finally {
      await close();
      await rm(folder, { recursive: true });
    }
  },
);

async function ask(page: Page, { id, files, model, context }: Case): Promise<Answer> {
  await page.waitForFunction(() => document.documentElement.dataset.state !== 'checking');
  await page.fill('#model', model ?? '');
  const given = Object.entries(files).map(([name, source]) => ({
    name: name === 'bundle' ? id : name,
    mimeType: 'application/json',
    buffer: materialise(source),
  }));
  await page.setInputFiles('#file', given);
  await page.waitForFunction((name) => document.querySelector('.about .foreign')?.textContent === name, id);
  if (context !== undefined) {
    await page.fill('#context', Buffer.from(context, 'hex').toString());
    await page.click('button[type=submit]');
  }
  return page.evaluate(() => {
    const status = (check: string) => document.querySelector(`[data-check=${check}]`)?.className;
    const failed = document.querySelector<HTMLElement>('.check.fail')?.dataset.check;
    if (document.documentElement.dataset.state !== 'valid')
      return { verdict: 'invalid' as const, ...(failed !== undefined && { check: failed }) };
    const verdict = status('model') === 'check pass' ? ('valid' as const) : ('unpinned' as const);
    const recordId = [...document.querySelectorAll('#facts .id')].at(-1)?.textContent;
    return { verdict, ...(recordId && { recordId }) };
  });
}
