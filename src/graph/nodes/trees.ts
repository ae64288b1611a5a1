import type { TreesNode } from '../float-graph.ts';
import { float32Rank } from '../float32.ts';
import type { Expect, NodeKind, Shrunk } from '../node-kind.ts';
import { featuresRead, type Interval, leafOf, type Tree } from '../tree.ts';
import { pick, placesOf } from './pick.ts';

/** An ensemble of decision trees. */
export const trees: NodeKind<TreesNode> = {
  mayReadAbsent: false,
  sources: ({ source }) => [source],
  translated: (node, translate) => ({ ...node, source: translate(node.source) }),
  numbers: (node) => [node.base, Float64Array.from(weightsOf(node), ({ weight }) => weight)],
  check,
  execute,
  shrink,

  describe(node) {
    const branches = node.trees.reduce((sum, tree) => sum + tree.branches.length, 0);
    return { kind: 'trees', shape: [node.count], macs: 0, params: branches + weightsOf(node).length };
  },

  /** Never negative if nothing that is written to the target is. */
  markNonNegative(node, nonNegative) {
    node.base.forEach((base, target) => {
      if (base >= 0) nonNegative[node.first + target] = 1;
    });
    for (const { target, weight } of weightsOf(node)) if (weight < 0) nonNegative[node.first + target] = 0;
  },

  /** A factor would move every threshold. */
  withoutFactors(node, factors) {
    if (node.source.some((id) => id >= 0 && factors[id] !== 1)) return undefined;
    factors.fill(1, node.first, node.first + node.count);
    return node;
  },
};

const weightsOf = (node: TreesNode) => node.trees.flatMap(({ leaves }) => leaves.flat());

/**
 * Runs the trees one after the other, in float64. ONNX Runtime adds up in float32: the difference is part of the error
 * that accuracy reports.
 */
function execute(node: TreesNode, values: Float64Array): void {
  const { source, first, count, base, aggregate } = node;
  const features = Float32Array.from(source, (id) => (id >= 0 ? values[id]! : 0));
  const totals = new Float64Array(count);
  const isWritten = new Uint8Array(count);
  for (const tree of node.trees) {
    for (const { target, weight } of leafOf(tree, features)) {
      totals[target] = isWritten[target] === 1 ? COMBINE[aggregate](totals[target]!, weight) : weight;
      isWritten[target] = 1;
    }
  }
  const divisor = aggregate === 'average' ? node.trees.length : 1;
  for (let i = 0; i < count; i += 1) values[first + i] = totals[i]! / divisor + base[i]!;
}

const COMBINE: { readonly [K in TreesNode['aggregate']]: (a: number, b: number) => number } = {
  sum: (a, b) => a + b,
  average: (a, b) => a + b,
  min: (a, b) => (b < a ? b : a),
  max: (a, b) => (b > a ? b : a),
};

/** Asserts what `tree.ts` and the node promise. */
function check(node: TreesNode, expect: Expect): void {
  expect(node.base.length === node.count, 'base has the wrong size');
  expect(node.trees.length > 0, 'it has no trees');
  for (const tree of node.trees) checkTree(tree, node, expect);
}

function checkTree({ root, branches, leaves }: Tree, { source, count }: TreesNode, expect: Expect): void {
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
  for (const [at, { feature, passes, whenTrue, whenFalse }] of branches.entries()) {
    expect(feature >= 0 && feature < source.length, 'a tree reads a feature that does not exist');
    expect(passes.every(isInterval) && passes.every(isApart), 'a test has no valid intervals');
    note(whenTrue, at);
    note(whenFalse, at);
  }
  expect(
    parents.every((times) => times === 1),
    'a tree has a node without one parent',
  );
  for (const leaf of leaves) {
    const targets = leaf.map(({ target }) => target);
    expect(new Set(targets).size === leaf.length, 'a leaf repeats a target');
    expect(
      targets.every((target) => target >= 0 && target < count),
      'a leaf has a target that does not exist',
    );
  }
}

function isInterval({ low, high }: Interval): boolean {
  return low <= high && [low, high].every((end) => Math.fround(end) === end && !Object.is(end, -0));
}

function isApart({ low }: Interval, at: number, passes: readonly Interval[]): boolean {
  return at === 0 || float32Rank(low) > float32Rank(passes[at - 1]!.high) + 1;
}

/** The node with only the outputs at these places, and only the features that its trees read. */
function shrink(node: TreesNode, needed: Uint8Array): Shrunk {
  const places = placesOf(needed);
  const target = new Map(Array.from(places, (place, i) => [place, i]));
  const features = featuresRead(node.trees);
  const feature = new Map(features.map((old, i) => [old, i]));
  const slim = ({ root, branches, leaves }: Tree): Tree => ({
    root,
    branches: branches.map((branch) => ({ ...branch, feature: feature.get(branch.feature)! })),
    leaves: leaves.map((leaf) =>
      leaf.flatMap((write) => {
        const place = target.get(write.target);
        return place === undefined ? [] : [{ ...write, target: place }];
      }),
    ),
  });
  return {
    node: {
      ...node,
      count: places.length,
      base: pick(node.base, places),
      source: pick(node.source, Int32Array.from(features)),
      trees: node.trees.map(slim),
    },
    places,
  };
}
