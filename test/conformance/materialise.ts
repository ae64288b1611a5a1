/** The corpora in test/vectors; the product has a copy of them. */
import type { Case, CorpusName, FileSource } from '../../src/conformance/case.ts';
import { Suite } from '../../src/conformance/suite.ts';

/** Relative to this file, or to the bundle in dist/ that `npm run vectors` makes of it. */
const ROOT = new URL(import.meta.url.includes('/dist/') ? '../../vectors/' : '../vectors/', import.meta.url);
const SUITES = { bundles: new Suite('bundles', ROOT), 'bundles-v2': new Suite('bundles-v2', ROOT) };

export function suiteOf(corpus: CorpusName): Suite {
  return SUITES[corpus];
}

/** A folder of test/vectors. */
export function vectors(corpus: CorpusName): URL {
  return SUITES[corpus].folder;
}

/** The bytes of one file of a case. */
export function materialise(source: FileSource, corpus: CorpusName = 'bundles'): Buffer {
  return SUITES[corpus].bytesOf(source);
}

/** A base file as text. */
export function base(name: string, corpus: CorpusName = 'bundles'): string {
  return SUITES[corpus].base(name);
}

export function readCases(corpus: CorpusName = 'bundles'): Case[] {
  return SUITES[corpus].cases();
}
