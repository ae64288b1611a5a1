import { readFile } from 'node:fs/promises';

/** The only script and the only style of a page: the text between their tags. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** Where the build puts them: next to this module in `dist`. */
const FOLDER = new URL('./assets/', import.meta.url);

/** Text that would end a script or style early, or change how the rest of the page is parsed. */
const BREAKS_OUT = /<\/(script|style)|<!--|\r/i;

/**
 * Reads what `build-page.mjs` wrote.
 *
 * @param folder the folder that contains it
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
