import type { FloatGraph, TreesNode } from '../../../src/graph/float-graph.ts';
import { float32OfRank, float32Rank, RANKS } from '../../../src/graph/float32.ts';
import type { Interval, Tree, TreeBranch } from '../../../src/graph/tree.ts';
import { type Dice, SOURCE } from '../../graph/random-graph.ts';

/** Numbers that comparisons go wrong at, and others. */
const THRESHOLDS = [0, 2 ** -149, -(2 ** -126), 0.1, -3.5, 1e30, -1e-30, 7, Infinity, -Infinity].map(
  Math.fround,
);

const next = (value: number, by: number) =>
  float32OfRank(Math.min(Math.max(float32Rank(value) + by, RANKS.lowest), RANKS.highest));

/** The forms of tests that files have. */
function passes(dice: Dice): readonly Interval[] {
  const at = dice.pick(THRESHOLDS);
  const [low, high] = [-Infinity, Infinity];
  const forms: (() => readonly Interval[])[] = [
    () => [{ low, high: at }],
    () => [{ low, high: next(at, -1) }],
    () => [{ low: at, high }],
    () => [{ low: at, high: at }],
    () => [
      { low, high: next(at, -1) },
      { low: next(at, 1), high },
    ],
    () => [...new Set([-3.5, 0, at])].sort((a, b) => a - b).map((value) => ({ low: value, high: value })),
  ];
  // Most files have one form of test.
  return dice.int(0, 1) === 0 ? forms[0]!() : dice.pick(forms.slice(Number.isFinite(at) ? 0 : 2, 4))();
}

export interface TreesOptions {
  readonly features: number;
  readonly count: number;
  readonly trees: number;
  readonly depth: number;
  readonly aggregate?: TreesNode['aggregate'];
  readonly missing?: boolean;
  /** Few weights make equal sub-trees. */
  readonly weights?: readonly number[];
}

export function randomTree(
  dice: Dice,
  { features, count, depth, missing = false, weights }: TreesOptions,
): Tree {
  const branches: TreeBranch[] = [];
  const leaves: Tree['leaves'][number][] = [];
  const grow = (left: number): number => {
    if (left === 0 || (left < depth && dice.int(0, 5) === 0)) {
      const weight = () => Math.fround(weights === undefined ? dice.real(-1, 1) : dice.pick(weights));
      leaves.push(Array.from({ length: count }, (_, target) => ({ target, weight: weight() })));
      return ~(leaves.length - 1);
    }
    const at = branches.length;
    branches.push({
      feature: dice.int(0, features - 1),
      passes: passes(dice),
      missingPasses: missing && dice.int(0, 1) === 0,
      whenTrue: 0,
      whenFalse: 0,
    });
    const [whenTrue, whenFalse] = [grow(left - 1), grow(left - 1)];
    branches[at] = { ...branches[at]!, whenTrue, whenFalse };
    return at;
  };
  return { root: grow(depth), branches, leaves };
}

/** A model that is one ensemble. */
export function treesGraph(dice: Dice, options: TreesOptions): FloatGraph {
  const { features, count, trees, aggregate = 'sum' } = options;
  const node: TreesNode = {
    ...{ op: 'trees', name: 'trees', origin: ['TreeEnsemble'], first: features, count, aggregate },
    source: Int32Array.from({ length: features }, (_, i) => i),
    trees: Array.from({ length: trees }, () => randomTree(dice, options)),
    base: Float64Array.from({ length: count }, () => Math.fround(dice.real(-1, 1))),
  };
  return {
    name: 'ensemble',
    source: SOURCE,
    input: {
      ...{ name: 'x', shape: [features], count: features },
      parts: [{ name: 'x', shape: [features], count: features, values: { kind: 'real' } }],
    },
    nodes: [node],
    outputs: [
      {
        ...{ name: 'scores', tensor: 'scores', shape: [count], head: 'none' },
        values: Int32Array.from({ length: count }, (_, i) => features + i),
      },
    ],
    hasSeveralOutputs: false,
  };
}

/** Rows at the thresholds, at the float32 numbers beside them, between them, infinite, and missing if that is allowed. */
export function rowsAtThresholds(
  dice: Dice,
  features: number,
  count: number,
  missing = false,
): Float64Array[] {
  const value = () => {
    const kind = dice.int(0, missing ? 6 : 5);
    if (kind === 6) return Number.NaN;
    const at = dice.pick(THRESHOLDS);
    if (kind === 5) return Object.is(at, 0) ? -0 : dice.real(-10, 10);
    return next(at, kind === 0 ? -1 : kind === 1 ? 1 : 0);
  };
  return Array.from({ length: count }, () => Float64Array.from({ length: features }, value));
}
