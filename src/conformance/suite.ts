import { readFileSync } from 'node:fs';
import type { Case, CorpusName, FileSource } from './case.ts';

/** The folders of all corpora: `build-assets.mjs` copies test/vectors there. */
const VECTORS = new URL('./vectors/', import.meta.url);

/** One corpus of cases with the files that they are made from. */
export class Suite {
  readonly corpus: CorpusName;
  /** The folder of the corpus. */
  readonly folder: URL;
  readonly #bases = new Map<string, string>();

  /** @param root the folder that contains those of the corpora */
  constructor(corpus: CorpusName, root: URL = VECTORS) {
    this.corpus = corpus;
    this.folder = new URL(`${corpus}/`, root);
  }

  cases(): Case[] {
    const text = readFileSync(new URL('cases.jsonl', this.folder), 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Case);
  }

  /** The bytes of one file of a case. */
  bytesOf(source: FileSource): Buffer {
    if ('text' in source) return Buffer.from(source.text);
    if ('base64' in source) return Buffer.from(source.base64, 'base64');
    if ('repeat' in source) {
      const [before, unit, count, after] = source.repeat;
      return Buffer.from(before + unit.repeat(count) + after);
    }
    const lines = this.base(source.from).split('\n');
    for (const [at, removed, put] of (source.lines ?? []).toReversed()) lines.splice(at, removed, ...put);
    return Buffer.from(lines.join('\n'));
  }

  /** A base file as text. */
  base(name: string): string {
    const known = this.#bases.get(name);
    if (known !== undefined) return known;
    const text = readFileSync(new URL(`bases/${name}`, this.folder), 'utf8');
    this.#bases.set(name, text);
    return text;
  }
}
