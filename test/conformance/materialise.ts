import { readFileSync } from 'node:fs';
import type { Case, CorpusName, FileSource } from './case-types.ts';

/** A folder of test/vectors, relative to this file or its compiled form in dist/. */
export function vectors(corpus: CorpusName): URL {
  const root = import.meta.url.includes('/dist/') ? '../../vectors/' : '../vectors/';
  return new URL(`${root}${corpus}/`, import.meta.url);
}

/** The bytes of one file of a case. */
export function materialise(source: FileSource, corpus: CorpusName = 'bundles'): Buffer {
  if ('text' in source) return Buffer.from(source.text);
  if ('base64' in source) return Buffer.from(source.base64, 'base64');
  if ('repeat' in source) {
    const [before, unit, count, after] = source.repeat;
    return Buffer.from(before + unit.repeat(count) + after);
  }
  const lines = base(source.from, corpus).split('\n');
  for (const [at, removed, put] of (source.lines ?? []).toReversed()) lines.splice(at, removed, ...put);
  return Buffer.from(lines.join('\n'));
}

/** A base file as text. */
export function base(name: string, corpus: CorpusName = 'bundles'): string {
  return readFileSync(new URL(`bases/${name}`, vectors(corpus)), 'utf8');
}

export function readCases(corpus: CorpusName = 'bundles'): Case[] {
  const text = readFileSync(new URL('cases.jsonl', vectors(corpus)), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);
}
