import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import type { PageAssets } from '../../../../src/export/browser/page-assets.ts';
import { pageHtml } from '../../../../src/export/browser/page-html.ts';
import type { PageState } from './states.ts';

/** Opens a page from a file in `folder`, and waits for its result. */
export async function openPage(
  context: BrowserContext,
  folder: string,
  { name, content }: Pick<PageState, 'name' | 'content'>,
  assets: PageAssets,
): Promise<Page> {
  const file = path.join(folder, `${name}.html`);
  await writeFile(file, pageHtml(content, assets));
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href);
  await page.waitForFunction(() => document.documentElement.dataset.state !== 'checking');
  return page;
}

/** Opens a page and brings it into its state. */
export async function openState(
  context: BrowserContext,
  folder: string,
  state: PageState,
  assets: PageAssets,
): Promise<Page> {
  const page = await openPage(context, folder, state, assets);
  await state.act?.(page);
  return page;
}
