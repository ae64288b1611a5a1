import { readdir, readFile } from 'node:fs/promises';

const FOLDER = new URL('../../circuits/', import.meta.url);

/** The templates in `circuits/`, by file name: what generated circuits may include. */
export async function circuitTemplates(): Promise<Map<string, string>> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.circom')).sort();
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, FOLDER), 'utf8')));
  return new Map(names.map((name, i) => [name, texts[i]!]));
}
