import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Case, CorpusName, FileName } from './case-types.ts';
import { materialise } from './materialise.ts';

const ORDER: readonly FileName[] = [
  'bundle',
  'companion',
  'input',
  'opening',
  'trust',
  'statements',
  'key',
  'public',
  'proof',
];

/** Writes the files of a case into a folder, and returns its command's arguments. */
export function writeCase(one: Case, folder: string, corpus: CorpusName = 'bundles'): string[] {
  const words: string[] = [one.command];
  for (const name of ORDER) {
    const source = one.files[name];
    if (source === undefined) continue;
    const file = path.join(folder, `${one.id.replaceAll(/[^A-Za-z0-9-]/g, '_')}.${name}.json`);
    writeFileSync(file, materialise(source, corpus));
    words.push(`--${name}`, file);
  }
  if (one.model !== undefined) words.push('--model', one.model);
  if (one.context !== undefined) words.push('--context', one.context);
  if (one.tolerance !== undefined) words.push('--tolerance', one.tolerance);
  if (one.at !== undefined) words.push('--at', one.at);
  return words;
}
