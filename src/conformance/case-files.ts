import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Case, FileName } from './case.ts';
import type { Suite } from './suite.ts';

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
export function writeCase(one: Case, folder: string, suite: Suite): string[] {
  const words: string[] = [one.command];
  for (const name of ORDER) {
    const source = one.files[name];
    if (source === undefined) continue;
    const file = path.join(folder, `${one.id.replaceAll(/[^A-Za-z0-9-]/g, '_')}.${name}.json`);
    writeFileSync(file, suite.bytesOf(source));
    words.push(`--${name}`, file);
  }
  for (const name of ['model', 'context', 'tolerance', 'at'] as const) {
    const value = one[name];
    if (value !== undefined) words.push(`--${name}`, value);
  }
  return words;
}
