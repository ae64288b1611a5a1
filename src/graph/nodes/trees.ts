import type { TreesNode } from '../float-graph.ts';
import { featuresRead, leafOf, type Tree, type TreeTest } from '../tree.ts';

/**
 * Runs an ensemble in float64, tree after tree. ONNX Runtime adds up in float32: the difference is part of the error that
 * accuracy reports, and far below any distance between scores that matters.
 */
export function executeTrees(node: TreesNode, values: Float64Array): void {
  const { source, trees, first, count, base, aggregate } = node;
  const features = Float32Array.from(source, (id) => (id >= 0 ? values[id]! : 0));
  const totals = new Float64Array(count);
  const isWritten = new Uint8Array(count);
  for (const tree of trees) {
    for (const { target, weight } of leafOf(tree, features)) {
      totals[target] = isWritten[target] === 1 ? COMBINE[aggregate](totals[target]!, weight) : weight;
      isWritten[target] = 1;
    }
  }
  const divisor = aggregate === 'average' ? trees.length : 1;
  for (let i = 0; i < count; i += 1) values[first + i] = totals[i]! / divisor + base[i]!;
}

const COMBINE: { readonly [K in TreesNode['aggregate']]: (a: number, b: number) => number } = {
  sum: (a, b) => a + b,
  average: (a, b) => a + b,
  min: (a, b) => (b < a ? b : a),
  max: (a, b) => (b > a ? b : a),
};

type Expect = (holds: boolean, what: string) => void;

/** Asserts what `tree.ts` and the node promise, apart from the ids that it reads. */
export function checkTrees({ trees, source, count, base }: TreesNode, expect: Expect): void {
  expect(base.length === count, 'base has the wrong size');
  expect(trees.length > 0, 'it has no trees');
  for (const tree of trees) checkTree(tree, source.length, count, expect);
}

function checkTree({ root, branches, leaves }: Tree, features: number, targets: number, expect: Expect) {
  const parents = new Uint8Array(branches.length + leaves.length);
  const note = (child: number, parent: number) => {
    const index = child >= 0 ? child : branches.length + ~child;
    expect(
      index < parents.length && (child < 0 || child > parent),
      'a tree has a child that does not follow',
    );
    parents[index]! += 1;
  };
  note(root, -1);
  for (const [at, { feature, test, whenTrue, whenFalse }] of branches.entries()) {
    expect(feature >= 0 && feature < features, 'a tree reads a feature that does not exist');
    expect(thresholdsOf(test).every(isFloat32), 'a threshold is not a float32');
    note(whenTrue, at);
    note(whenFalse, at);
  }
  expect(
    parents.every((count) => count === 1),
    'a tree has a node without one parent',
  );
  for (const leaf of leaves) {
    expect(new Set(leaf.map(({ target }) => target)).size === leaf.length, 'a leaf repeats a target');
    expect(
      leaf.every(({ target }) => target >= 0 && target < targets),
      'a leaf has a target that does not exist',
    );
  }
}

/** The numbers that a test compares with. */
export function thresholdsOf(test: TreeTest): readonly number[] {
  return test.kind === 'member' ? test.values : [test.threshold];
}

const isFloat32 = (value: number): boolean => Math.fround(value) === value;

/** The node with only the outputs at these places, ascending, and only the features that its trees still read. */
export function shrinkTrees(node: TreesNode, places: Int32Array): TreesNode {
  const target = new Map(Array.from(places, (place, i) => [place, i]));
  const features = featuresRead(node.trees);
  const feature = new Map(features.map((old, i) => [old, i]));
  return {
    ...node,
    count: places.length,
    base: Float64Array.from(places, (place) => node.base[place]!),
    source: Int32Array.from(features, (old) => node.source[old]!),
    trees: node.trees.map(({ root, branches, leaves }) => ({
      root,
      branches: branches.map((branch) => ({ ...branch, feature: feature.get(branch.feature)! })),
      leaves: leaves.map((leaf) =>
        leaf.flatMap((write) => {
          const place = target.get(write.target);
          return place === undefined ? [] : [{ ...write, target: place }];
        }),
      ),
    })),
  };
}
