import { readFile } from 'node:fs/promises';

/** The one script and the one style of a page, as they stand between their tags. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** Where the build puts them: beside this module in `dist`. */
const FOLDER = new URL('./assets/', import.meta.url);

/** What would end a script or style early, or change how the rest of the page is read. */
const BREAKS_OUT = /<\/(script|style)|<!--|\r/i;

/**
 * Reads what `build-page.mjs` wrote.
 *
 * @param folder where it lies
 */
export async function readPageAssets(folder: URL = FOLDER): Promise<PageAssets> {
  const [script, style] = await Promise.all(
    ['page.js', 'page.css'].map((name) => readFile(new URL(name, folder), 'utf8')),
  );
  for (const text of [script, style]) {
    if (BREAKS_OUT.test(text!)) throw new Error('A page asset would end its own tag');
  }
  return { script: script!, style: style! };
}
