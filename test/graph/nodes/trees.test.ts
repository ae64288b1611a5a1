import { describe, expect, it } from 'vitest';
import type { TreesNode } from '../../../src/graph/float-graph.ts';
import { checkTrees, executeTrees, shrinkTrees } from '../../../src/graph/nodes/trees.ts';
import type { Tree, TreeTest } from '../../../src/graph/tree.ts';

const HALF = Math.fround(0.1);

function stump(test: TreeTest, missingPasses = false, weights = [1, 0]): Tree {
  const leaves = weights.map((weight) => [{ target: 0, weight }]);
  const branch = { feature: 0, test, missingPasses, whenTrue: ~0, whenFalse: ~1 };
  return { root: 0, branches: [branch], leaves };
}

function ensemble(trees: readonly Tree[], parts: Partial<TreesNode> = {}): TreesNode {
  const base = { name: 't', origin: [], op: 'trees', first: 1, count: 1, aggregate: 'sum' } as const;
  return { ...base, source: Int32Array.of(0), trees, base: Float64Array.of(0), ...parts };
}

function run(node: TreesNode, inputs: readonly number[] = [0]): number[] {
  const values = Float64Array.from([...inputs, ...Array(node.count).fill(Number.NaN)]);
  executeTrees(node, values);
  return [...values.subarray(inputs.length)];
}

describe('tests of trees', () => {
  const below = HALF - 2 ** -27;
  it.each([
    ['le', [1, 1, 0, 0]],
    ['lt', [1, 0, 0, 0]],
    ['ge', [0, 1, 1, 0]],
    ['gt', [0, 0, 1, 0]],
    ['eq', [0, 1, 0, 0]],
    ['ne', [1, 0, 1, 1]],
  ] as const)('%s below, on and above the threshold, and on NaN', (kind, expected) => {
    const answers = [below, HALF, HALF + 2 ** -27, Number.NaN].map(
      (x) => run(ensemble([stump({ kind, threshold: HALF })]), [x])[0],
    );
    expect(answers).toEqual(expected);
  });

  it('compares the float32 nearest to the value', () => {
    const node = ensemble([stump({ kind: 'le', threshold: HALF })]);
    expect(run(node, [0.1])).toEqual([1]);
    expect(run(node, [HALF + 2 ** -30])).toEqual([1]);
  });

  it('takes both zeros as one, and NaN as the branch says', () => {
    expect(run(ensemble([stump({ kind: 'lt', threshold: 0 })]), [-0])).toEqual([0]);
    expect(run(ensemble([stump({ kind: 'member', values: [-2, 0] }, true)]), [-0])).toEqual([1]);
    expect(run(ensemble([stump({ kind: 'member', values: [-2, 0] }, true)]), [Number.NaN])).toEqual([1]);
    expect(run(ensemble([stump({ kind: 'member', values: [-2, 0] })]), [Number.NaN])).toEqual([0]);
  });
});

describe('aggregates', () => {
  const passing = { kind: 'lt', threshold: 1 } as const;
  const trees = [
    stump(passing, false, [4, 0]),
    stump(passing, false, [-1, 0]),
    stump(passing, false, [3, 0]),
  ];
  it.each([
    ['sum', 16],
    ['average', 12],
    ['min', 9],
    ['max', 14],
  ] as const)('%s, then the base value', (aggregate, expected) => {
    expect(run(ensemble(trees, { aggregate, base: Float64Array.of(10) }))).toEqual([expected]);
  });

  it('leaves a target that no leaf writes at its base value, even in a minimum', () => {
    const base = Float64Array.of(0, 7);
    expect(run(ensemble(trees, { aggregate: 'min', count: 2, base }))).toEqual([-1, 7]);
  });
});

describe('checks', () => {
  const broken = (tree: Partial<Tree>, parts: Partial<TreesNode> = {}) => {
    const found: string[] = [];
    const node = ensemble([{ ...stump({ kind: 'le', threshold: 0 }), ...tree }], parts);
    checkTrees(node, (holds, what) => {
      if (!holds) found.push(what);
    });
    return found;
  };
  const branch = stump({ kind: 'le', threshold: 0 }).branches[0]!;

  it('accepts a tree', () => expect(broken({})).toEqual([]));
  it.each([
    ['shared leaf', { branches: [{ ...branch, whenFalse: ~0 }] }, 'without one parent'],
    ['cycle', { branches: [{ ...branch, whenTrue: 0 }] }, 'does not follow'],
    ['missing leaf', { branches: [{ ...branch, whenTrue: ~2 }] }, 'does not follow'],
    ['threshold', { branches: [{ ...branch, test: { kind: 'le', threshold: 0.1 } }] }, 'not a float32'],
    ['feature', { branches: [{ ...branch, feature: 1 }] }, 'feature'],
    ['target', { leaves: [[{ target: 1, weight: 0 }], []] }, 'target that does not exist'],
    ['repeat', { leaves: [[0, 1].map((weight) => ({ target: 0, weight })), []] }, 'repeats'],
  ] as const)('names a broken %s', (_, tree, what) => {
    expect(broken(tree as Partial<Tree>).join()).toContain(what);
  });
});

it('shrinks to some outputs and to the features that are read', () => {
  const leaves = [5, 6].map((weight) =>
    [0, 1, 2].map((target) => ({ target, weight: weight + 10 * target })),
  );
  const tree = { ...stump({ kind: 'le', threshold: 0 }), leaves };
  const branches = [{ ...tree.branches[0]!, feature: 1 }];
  const node = ensemble([{ ...tree, branches }], {
    first: 2,
    count: 3,
    source: Int32Array.of(0, 1),
    base: Float64Array.of(0, 0.5, 0),
  });
  const small = shrinkTrees(node, Int32Array.of(1, 2));
  expect([...small.source]).toEqual([1]);
  expect(run(node, [9, 0])).toEqual([5, 15.5, 25]);
  expect(run(small, [9, 0])).toEqual([15.5, 25]);
});
