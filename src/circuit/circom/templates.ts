import { readdir, readFile } from 'node:fs/promises';
import { canonicalBytes } from '@quietproof/verify';
import { sha256 } from '../../data/sha256.ts';

const FOLDER = new URL('../../../circuits/', import.meta.url);

/** The files in `circuits/` that generated circuits may include: text by file name. */
export async function circuitTemplates(): Promise<Map<string, string>> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.circom')).sort();
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, FOLDER), 'utf8')));
  return new Map(names.map((name, i) => [name, texts[i]!]));
}

/** The template files that a circuit includes, directly or through other files. */
export function includedTemplates(
  source: string,
  templates: ReadonlyMap<string, string>,
): Map<string, string> {
  const included = new Map<string, string>();
  const visit = (text: string) => {
    for (const [, name] of text.matchAll(/^include "([\w-]+\.circom)";$/gm)) {
      const template = templates.get(name!);
      if (template === undefined || included.has(name!)) continue;
      included.set(name!, template);
      visit(template);
    }
  };
  visit(source);
  return included;
}

/** Digest of all circom text of a circuit: sha256 of the canonical JSON {file name: sha256 of its text}. */
export function circomDigest(source: string, includes: ReadonlyMap<string, string>): string {
  return digestOfFiles(source, new Map(Array.from(includes, ([name, text]) => [name, sha256(text)])));
}

/** The same, from the digests of the templates. */
export function digestOfFiles(source: string, templates: ReadonlyMap<string, string>): string {
  return sha256(canonicalBytes({ ...Object.fromEntries(templates), 'circuit.circom': sha256(source) }));
}
