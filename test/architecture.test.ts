import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/**
 * A source tree and its rooms (folders, or files at the top level), ordered from what users call down to what
 * everything depends on. A file imports from its own room and from later rooms, never from earlier ones. Rooms on the
 * same line do not import each other.
 */
interface SourceTree {
  readonly root: string;
  readonly rooms: readonly (readonly string[])[];
  /** Folders that belong to another tree, or are build outputs. */
  readonly excluded: readonly string[];
}

const PIPELINE: SourceTree = {
  root: '../src/',
  rooms: [
    ['index.ts'],
    ['cli'],
    ['server'],
    ['watch'],
    ['audit'],
    ['conformance', 'doctor', 'export', 'rederive'],
    ['webhook'],
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
    ['sign'],
    ['bundle'],
    ['log'],
    ['formats'],
    ['store'],
    ['data', 'field', 'text'],
    ['errors'],
    ['verify.ts'],
  ],
  excluded: ['client', 'verify'],
};

/** A separate package: test/verify/dependencies.test.ts checks that it imports nothing from the pipeline. */
const VERIFIER: SourceTree = {
  root: '../src/verify/',
  rooms: [
    ['bin'],
    ['command'],
    ['index.ts'],
    ['verdict'],
    ['versions'],
    ['seal'],
    ['v2'],
    ['trust'],
    ['transcript'],
    ['bundle'],
    ['input'],
    ['interface'],
    ['encoding'],
    ['key'],
    ['log', 'timestamp'],
    ['json'],
    ['tagged-hash.ts', 'refusal.ts', 'signature.ts'],
    ['seal-refusals.ts'],
  ],
  excluded: ['dist', 'examples'],
};

/** A separate package too: test/client/dependencies.test.ts checks that it imports nothing but the verifier. */
const CLIENT: SourceTree = {
  root: '../src/client/',
  rooms: [
    ['index.ts'],
    ['watch'],
    ['log'],
    ['store'],
    ['alarms'],
    ['upstream.ts', 'oip'],
    ['refusals.ts', 'limits.ts'],
  ],
  excluded: ['dist'],
};

describe.each([
  { name: 'the pipeline', tree: PIPELINE },
  { name: 'the verifier', tree: VERIFIER },
  { name: 'the client', tree: CLIENT },
])('$name', ({ tree }) => {
  const imports = sourceFiles(tree).flatMap((file) => importsOf(tree, file));

  test('every room has its place', () => {
    const rooms = new Set(imports.flatMap(({ from, to }) => [roomOf(from), roomOf(to)]));
    expect([...rooms].filter((room) => placeOf(tree, room) === -1)).toEqual([]);
  });

  test('imports point down', () => {
    const upward = imports.filter((one) => pointsUp(tree, one));
    expect(upward.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('no files import each other in a circle', () => {
    expect(circles(imports)).toEqual([]);
  });
});

/** These files test the executor's witnesses. All other files of `check` prove, from declarations alone. */
const CHECKS_WITH_WITNESSES = ['check/check-artifact.ts', 'check/row-check.ts', 'check/thorough.ts'];

test('the code that proves a circuit sound does not read the code that builds it', () => {
  const imports = sourceFiles(PIPELINE)
    .flatMap((file) => importsOf(PIPELINE, file))
    .filter(({ from }) => roomOf(from) === 'check');
  const readers = new Set(imports.filter(({ to }) => roomOf(to) === 'circuit').map(({ from }) => from));
  expect([...readers].sort()).toEqual(CHECKS_WITH_WITNESSES);
  // Nor indirectly, through these files.
  const testsWitnesses = (file: string) => CHECKS_WITH_WITNESSES.includes(file);
  expect(imports.filter(({ from, to }) => testsWitnesses(to) && !testsWitnesses(from))).toEqual([]);
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

function sourceFiles({ root, excluded }: SourceTree): string[] {
  return readdirSync(folderOf(root), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !excluded.includes(roomOf(file)),
  );
}

/** Relative imports of a file, including types: a reader has to know these files to understand it. */
function importsOf({ root }: SourceTree, from: string): Import[] {
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

function placeOf({ rooms }: SourceTree, room: string): number {
  return rooms.findIndex((together) => together.includes(room));
}

function pointsUp(tree: SourceTree, { from, to }: Import): boolean {
  const [own, other] = [roomOf(from), roomOf(to)];
  return own !== other && placeOf(tree, other) <= placeOf(tree, own);
}

/** Sets of files that reach each other through imports: strongly connected components (Tarjan), one string each. */
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
