import { readFileSync } from 'node:fs';

const SPEC = readFileSync(new URL('../../../src/verify/SPEC.md', import.meta.url), 'utf8');
const SECTION = SPEC.slice(SPEC.indexOf('## 20.'));

/** The examples of section 20, each as it lies in a file, in the order of the text. */
export const [BUNDLE, STATEMENT, OPENING, MODEL, MIXED_INTERFACE] = blocks() as [
  string,
  string,
  string,
  string,
  string,
];

/** A line of the table of section 20, e.g. `model id`. */
export function vector(name: string): string {
  const found = SECTION.match(new RegExp(`^ {4}${name} +(\\S+)$`, 'm'))?.[1];
  if (found === undefined) throw new Error(`SPEC.md has no vector ${name}`);
  return found;
}

/** The pairs of a line `kind: value integer; value integer; …`, as texts. */
export function rankVectors(): [string, string][] {
  const line = SECTION.match(/^rank32: (.*?)\.$/ms)?.[1]?.replaceAll('\n', ' ') ?? '';
  return line.split('; ').map((pair) => pair.split(' ') as [string, string]);
}

/** The two context signals, with the caller's bytes each. */
export function contextVectors(): { readonly callers: string; readonly signal: string }[] {
  const found = SECTION.match(/Context signal of "order 7" [\s\S]*?`(\d+)`,\s+`(\d+)`/);
  return [
    { callers: 'order 7', signal: found![1]! },
    { callers: '', signal: found![2]! },
  ];
}

/** Indented blocks that begin with `{`, without their indentation. */
function blocks(): string[] {
  return Array.from(
    SECTION.matchAll(/^ {4}\{\n(?: {4}.*\n?)*/gm),
    ([block]) => `${block.trimEnd().replaceAll(/^ {4}/gm, '')}\n`,
  );
}
