import { readFileSync } from 'node:fs';
import type { Case, FileSource } from './case-types.ts';

/** test/vectors/bundles, relative to this file or its compiled form in dist/. */
export const VECTORS = new URL(
  import.meta.url.includes('/dist/') ? '../../vectors/bundles/' : '../vectors/bundles/',
  import.meta.url,
);

/** The bytes of one file of a case. */
export function materialise(source: FileSource): Buffer {
  if ('text' in source) return Buffer.from(source.text);
  if ('base64' in source) return Buffer.from(source.base64, 'base64');
  if ('repeat' in source) {
    const [before, unit, count, after] = source.repeat;
    return Buffer.from(before + unit.repeat(count) + after);
  }
  const lines = base(source.from).split('\n');
  for (const [at, removed, put] of (source.lines ?? []).toReversed()) lines.splice(at, removed, ...put);
  return Buffer.from(lines.join('\n'));
}

/** A base file as text. */
export function base(name: string): string {
  return readFileSync(new URL(`bases/${name}`, VECTORS), 'utf8');
}

export function readCases(): Case[] {
  const text = readFileSync(new URL('cases.jsonl', VECTORS), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);
}
