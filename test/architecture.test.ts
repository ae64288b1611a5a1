import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/**
 * A tree of sources and its rooms (folders, or files at the top), from what users call down to what everything stands
 * on. A file imports from its own room and from rooms that stand after it, never from one before. Rooms of one line do
 * not import each other.
 */
interface House {
  readonly root: string;
  readonly rooms: readonly (readonly string[])[];
  /** Folders that belong to another house, or are built. */
  readonly without: readonly string[];
}

const PIPELINE: House = {
  root: '../src/',
  rooms: [
    ['index.ts'],
    ['cli'],
    ['doctor', 'export', 'rederive'],
    ['prove'],
    ['setup'],
    ['ceremony', 'prover'],
    ['key'],
    ['compile'],
    ['check'],
    ['artifact'],
    ['circuit'],
    ['quantize'],
    ['import'],
    ['integer'],
    ['graph'],
    ['bundle'],
    ['formats'],
    ['data', 'field', 'text'],
    ['errors'],
    ['verify.ts'],
  ],
  without: ['verify'],
};

/** A package of its own: test/verify/dependencies.test.ts holds that it imports nothing of ours. */
const VERIFIER: House = {
  root: '../src/verify/',
  rooms: [
    ['bin'],
    ['index.ts'],
    ['verdict'],
    ['versions'],
    ['v2'],
    ['bundle'],
    ['input'],
    ['interface'],
    ['encoding'],
    ['key'],
    ['json'],
    ['tagged-hash.ts', 'refusal.ts'],
  ],
  without: ['dist', 'examples'],
};

describe.each([
  { name: 'the pipeline', house: PIPELINE },
  { name: 'the verifier', house: VERIFIER },
])('$name', ({ house }) => {
  const imports = sourceFiles(house).flatMap((file) => importsOf(house, file));

  test('every room has its place', () => {
    const rooms = new Set(imports.flatMap(({ from, to }) => [roomOf(from), roomOf(to)]));
    expect([...rooms].filter((room) => placeOf(house, room) === -1)).toEqual([]);
  });

  test('imports point down', () => {
    const upward = imports.filter((one) => pointsUp(house, one));
    expect(upward.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('no files import each other in a circle', () => {
    expect(circles(imports)).toEqual([]);
  });
});

/** What tries the executor's witness on rows. All other files of `check` prove, from declarations alone. */
const CHECKS_WITH_WITNESSES = ['check/check-artifact.ts', 'check/row-check.ts', 'check/thorough.ts'];

test('what proves a circuit sound does not read the code that builds it', () => {
  const imports = sourceFiles(PIPELINE)
    .flatMap((file) => importsOf(PIPELINE, file))
    .filter(({ from }) => roomOf(from) === 'check');
  const readers = new Set(imports.filter(({ to }) => roomOf(to) === 'circuit').map(({ from }) => from));
  expect([...readers].sort()).toEqual(CHECKS_WITH_WITNESSES);
  // Nor by way of those.
  const tries = (file: string) => CHECKS_WITH_WITNESSES.includes(file);
  expect(imports.filter(({ from, to }) => tries(to) && !tries(from))).toEqual([]);
});

test('an import that points up is found', () => {
  const up = (from: string, to: string) => pointsUp(PIPELINE, { from, to });
  expect(up('graph/simplify.ts', 'cli/main.ts')).toBe(true);
  expect(up('data/csv-rows.ts', 'field/bn254.ts')).toBe(true);
  expect(up('cli/main.ts', 'graph/simplify.ts')).toBe(false);
  expect(up('graph/simplify.ts', 'graph/use.ts')).toBe(false);
});

test('a circle is found', () => {
  const a = { from: 'x/a.ts', to: 'x/b.ts' };
  const b = { from: 'x/b.ts', to: 'x/c.ts' };
  expect(circles([a, b])).toEqual([]);
  expect(circles([a, b, { from: 'x/c.ts', to: 'x/a.ts' }])).toEqual(['x/a.ts x/b.ts x/c.ts']);
});

interface Import {
  readonly from: string;
  readonly to: string;
}

function sourceFiles({ root, without }: House): string[] {
  return readdirSync(folderOf(root), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !without.includes(roomOf(file)),
  );
}

/** Relative imports of a file, types included: what a reader has to know to understand it. */
function importsOf({ root }: House, from: string): Import[] {
  const text = readFileSync(path.join(folderOf(root), from), 'utf8');
  return Array.from(text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g), ([, specifier]) => ({
    from,
    to: path.join(path.dirname(from), specifier!),
  }));
}

function folderOf(root: string): string {
  return fileURLToPath(new URL(root, import.meta.url));
}

function roomOf(file: string): string {
  return file.split(path.sep)[0]!;
}

function placeOf({ rooms }: House, room: string): number {
  return rooms.findIndex((together) => together.includes(room));
}

function pointsUp(house: House, { from, to }: Import): boolean {
  const [own, other] = [roomOf(from), roomOf(to)];
  return own !== other && placeOf(house, other) <= placeOf(house, own);
}

/** Sets of files that reach each other through imports (strongly connected components, by Tarjan), one line each. */
function circles(edges: readonly Import[]): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) targets.set(from, [...(targets.get(from) ?? []), to]);
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[] = [];
  const visit = (file: string): number => {
    const own = order.size;
    order.set(file, own);
    lowest.set(file, own);
    stack.push(file);
    for (const next of targets.get(file) ?? []) {
      const reached = order.has(next) ? (stack.includes(next) ? order.get(next)! : own) : visit(next);
      lowest.set(file, Math.min(lowest.get(file)!, reached));
    }
    if (lowest.get(file) === own) {
      const circle = stack.splice(stack.indexOf(file));
      if (circle.length > 1) found.push(circle.sort().join(' '));
    }
    return lowest.get(file)!;
  };
  for (const file of targets.keys()) if (!order.has(file)) visit(file);
  return found.sort();
}
