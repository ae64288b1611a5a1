import { readFileSync } from 'node:fs';

const SPEC = readFileSync(new URL('../../../src/verify/SPEC.md', import.meta.url), 'utf8');
const SECTION = SPEC.slice(SPEC.indexOf('## 20.'));

/** The examples of section 20 in file form, in the order of the text. */
export const [BUNDLE, STATEMENT, OPENING, MODEL, MIXED_INTERFACE] = blocks() as [
  string,
  string,
  string,
  string,
  string,
];

/** The value of a line in the table of section 20, e.g. `model id`. */
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

/** The two context signals, each with the caller's part. */
export function contextVectors(): { readonly callerPart: string; readonly signal: string }[] {
  const found = SECTION.match(/Context signal of "order 7" [\s\S]*?`(\d+)`,\s+`(\d+)`/);
  return [
    { callerPart: 'order 7', signal: found![1]! },
    { callerPart: '', signal: found![2]! },
  ];
}

/** The indented blocks that begin with `{`, without the indentation. */
function blocks(): string[] {
  return Array.from(
    SECTION.matchAll(/^ {4}\{\n(?: {4}.*\n?)*/gm),
    ([block]) => `${block.trimEnd().replaceAll(/^ {4}/gm, '')}\n`,
  );
}
