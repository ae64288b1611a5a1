import { describe, expect, it } from 'vitest';
import type { TreesNode } from '../../../src/graph/float-graph.ts';
import { trees as kind } from '../../../src/graph/nodes/trees.ts';
import type { Interval, Tree } from '../../../src/graph/tree.ts';

const TENTH = Math.fround(0.1);
const AT_MOST: Interval[] = [{ low: -Infinity, high: TENTH }];

function stump(passes: readonly Interval[], missingPasses = false, weights = [1, 0]): Tree {
  const leaves = weights.map((weight) => [{ target: 0, weight }]);
  return { root: 0, branches: [{ feature: 0, passes, missingPasses, whenTrue: ~0, whenFalse: ~1 }], leaves };
}

function ensemble(trees: readonly Tree[], parts: Partial<TreesNode> = {}): TreesNode {
  const base = { name: 't', origin: [], op: 'trees', first: 1, count: 1, aggregate: 'sum' } as const;
  return { ...base, source: Int32Array.of(0), trees, base: Float64Array.of(0), ...parts };
}

function run(node: TreesNode, inputs: readonly number[] = [0]): number[] {
  const values = Float64Array.from([...inputs, ...Array(node.count).fill(Number.NaN)]);
  kind.execute(node, values);
  return [...values.subarray(inputs.length)];
}

describe('tests of trees', () => {
  const ulp = 2 ** -27;
  const answers = (tree: Tree, inputs: readonly number[]) => inputs.map((x) => run(ensemble([tree]), [x])[0]);

  it('include both ends of an interval', () => {
    const between = stump([{ low: -1, high: TENTH }]);
    expect(answers(between, [-1 - 2 ** -23, -1, TENTH, TENTH + ulp])).toEqual([0, 1, 1, 0]);
    expect(answers(stump([{ low: 0, high: Infinity }]), [-Infinity, -(2 ** -149), Infinity])).toEqual([
      0, 0, 1,
    ]);
  });

  it('pass any of several intervals, or none', () => {
    const points = [-2, 0, 3].map((value) => ({ low: value, high: value }));
    expect(answers(stump(points), [-2, -1, 0, 3, 4])).toEqual([1, 0, 1, 1, 0]);
    expect(answers(stump([]), [0, Infinity])).toEqual([0, 0]);
  });

  it('compare the float32 nearest to the value', () => {
    expect(answers(stump(AT_MOST), [0.1, TENTH + ulp / 4, TENTH + ulp])).toEqual([1, 1, 0]);
  });

  it('take both zeros as one, and send NaN where the branch says', () => {
    expect(answers(stump([{ low: 0, high: 0 }]), [-0, 0, Number.NaN])).toEqual([1, 1, 0]);
    expect(answers(stump(AT_MOST, true), [Number.NaN])).toEqual([1]);
  });
});

describe('aggregates', () => {
  const trees = [4, -1, 3].map((weight) => stump(AT_MOST, false, [weight, 0]));
  it.each([
    ['sum', 16],
    ['average', 12],
    ['min', 9],
    ['max', 14],
  ] as const)('%s, then the base value', (aggregate, expected) => {
    expect(run(ensemble(trees, { aggregate, base: Float64Array.of(10) }))).toEqual([expected]);
  });

  it('leave a target that no leaf writes at its base value, even in a minimum', () => {
    const base = Float64Array.of(0, 7);
    expect(run(ensemble(trees, { aggregate: 'min', count: 2, base }))).toEqual([-1, 7]);
  });
});

describe('checks', () => {
  const tree = stump(AT_MOST);
  const branch = tree.branches[0]!;
  const found = (change: Partial<Tree>) => {
    const messages: string[] = [];
    kind.check(ensemble([{ ...tree, ...change }]), (holds, what) => {
      if (!holds) messages.push(what);
    });
    return messages.join();
  };
  const test = (...passes: Interval[]) => ({ branches: [{ ...branch, passes }] });

  it('accepts a tree', () => expect(found({})).toBe(''));
  it.each<[string, Partial<Tree>, string]>([
    ['shared leaf', { branches: [{ ...branch, whenFalse: ~0 }] }, 'without one parent'],
    ['cycle', { branches: [{ ...branch, whenTrue: 0 }] }, 'does not follow'],
    ['missing leaf', { branches: [{ ...branch, whenTrue: ~2 }] }, 'does not follow'],
    ['double', test({ low: 0, high: 0.1 }), 'intervals'],
    ['negative zero', test({ low: -0, high: 1 }), 'intervals'],
    ['empty interval', test({ low: 1, high: 0 }), 'intervals'],
    ['adjoining interval', test({ low: 0, high: 1 }, { low: 1 + 2 ** -23, high: 2 }), 'intervals'],
    ['NaN', test({ low: 0, high: Number.NaN }), 'intervals'],
    ['feature', { branches: [{ ...branch, feature: 1 }] }, 'feature'],
    ['target', { leaves: [[{ target: 1, weight: 0 }], []] }, 'target that does not exist'],
    ['repeated target', { leaves: [[0, 1].map((weight) => ({ target: 0, weight })), []] }, 'repeats'],
  ])('name a broken tree: %s', (_, change, what) => {
    expect(found(change)).toContain(what);
  });
});

it('shrinks to the outputs that are needed and the features that are read', () => {
  const leaves = [5, 6].map((weight) =>
    [0, 1, 2].map((target) => ({ target, weight: weight + 10 * target })),
  );
  const tree = stump(AT_MOST);
  const branches = [{ ...tree.branches[0]!, feature: 1 }];
  const node = ensemble([{ ...tree, branches, leaves }], {
    first: 2,
    count: 3,
    source: Int32Array.of(0, 1),
    base: Float64Array.of(0, 0.5, 0),
  });
  const { node: small, places } = kind.shrink(node, Uint8Array.of(0, 1, 1));
  expect([...places]).toEqual([1, 2]);
  expect([...(small as TreesNode).source]).toEqual([1]);
  expect(run(node, [9, 0])).toEqual([5, 15.5, 25]);
  expect(run({ ...(small as TreesNode), first: 2 }, [9, 0])).toEqual([15.5, 25]);
});

it('passes no factor on, and knows what is never negative', () => {
  const node = ensemble([stump(AT_MOST)], { count: 2, base: Float64Array.of(0, -1) });
  expect(kind.withoutFactors(node, Float64Array.of(2, 0, 0))).toBeUndefined();
  const factors = Float64Array.of(1, 0, 0);
  expect(kind.withoutFactors(node, factors)).toBe(node);
  expect([...factors]).toEqual([1, 1, 1]);
  const marks = new Uint8Array(3);
  kind.markNonNegative(node, marks);
  expect([...marks]).toEqual([0, 1, 0]);
});
