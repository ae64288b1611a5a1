import { type TreesNode, ZERO } from '../../graph/float-graph.ts';
import { valuesOf } from '../../graph/use.ts';
import type { IntegerLinear } from '../../integer/integer-graph.ts';
import type { LoweringContext } from './context.ts';
import { branchCount, type FoldedTree, FoldedTrees } from './fold-trees.ts';
import type { NodeLowering } from './node-lowering.ts';
import { extremesOf } from './tree-extremes.ts';
import { divisorOf, type TreeSteps, treeSteps } from './tree-steps.ts';
import { emptySum, TreeLayers, type TreeSum } from './tree-sums.ts';
import { type TreeValue, withOperands } from './tree-values.ts';

/** Comparisons by thermometers, and sums of the leaves that they select: exact but for the rounding of the leaves. */
export const trees: NodeLowering<TreesNode> = {
  searched: 'none',

  /** The outputs are sums of leaves in one step. */
  tie(node, sets) {
    sets.tie(valuesOf(node));
  },

  tieAgain: () => false,

  noteUse({ source }, note) {
    for (const id of source) note(id, 0, Infinity);
  },

  costOfFiner: (_, reads) => reads,

  lower(node, context) {
    context.conditions.prepare(node);
    const steps = treeSteps(node);
    const isSum = node.aggregate === 'sum' || node.aggregate === 'average';
    const sums = isSum ? sumsOf(node, context, steps) : extremesOf(node, context, steps);
    const scale = steps.step / divisorOf(node.aggregate, node.trees.length);
    if (sums.every(({ weights }) => weights.size === 0)) {
      sums.forEach(({ constant }, i) => {
        context.values.setConstant(node.first + i, constant * scale);
      });
      return;
    }
    if (sums.every(isOneValue)) {
      sums.forEach(({ weights }, i) => {
        for (const id of weights.keys()) context.map(node.first + i, id, scale);
      });
      return;
    }
    const { first } = context.push<IntegerLinear>(
      {
        ...{ op: 'linear', name: node.name, origin: node.origin, count: node.count, diagonals: [] },
        blocks: sums.map(({ weights }) => blockOf(weights)),
        bias: Float64Array.from(sums, ({ constant }) => constant),
      },
      new Float64Array(node.count).fill(scale),
    );
    sums.forEach(({ weights, constant }, i) => {
      if (weights.size === 0) context.values.setConstant(node.first + i, constant * scale);
      else context.map(node.first + i, first + i, scale);
    });
  },
};

/** A sum that needs no layer. */
function isOneValue({ weights, constant, isExpanded }: TreeSum): boolean {
  return !isExpanded && constant === 0 && weights.size === 1 && [...weights.values()][0] === 1;
}

function blockOf(weights: ReadonlyMap<number, number>): IntegerLinear['blocks'][number] {
  // A block has a tap: a constant reads nothing, zero times.
  const terms = weights.size === 0 ? new Map([[ZERO, 0]]) : weights;
  return {
    ...{ rows: 1, positions: 1, taps: terms.size },
    weights: Float64Array.from(terms.values()),
    gather: Int32Array.from(terms.keys()),
  };
}

/** The sum of each target. */
function sumsOf(node: TreesNode, context: LoweringContext, { step, toInteger }: TreeSteps): TreeSum[] {
  const { trees: all, base, count } = node;
  const mirrored = mirroredTotals(node);
  const targets = Array.from({ length: count }, (_, target) => target).slice(mirrored === undefined ? 0 : 1);
  // The base is in the leaves where nothing else is added.
  const isAlone = all.length === 1;
  const folding = new FoldedTrees(node, context.conditions, (leaf) => {
    const weights = new Float64Array(count);
    for (const target of targets) if (isAlone) weights[target] = toInteger(base[target]!);
    for (const { target, weight } of leaf) {
      if (targets.includes(target)) weights[target]! += toInteger(weight);
    }
    return weights;
  });
  const divisor = divisorOf(node.aggregate, all.length);
  const sums = new Map(targets.map((target) => [target, emptySum()]));
  addTrees(
    all.map((tree) => folding.fold(tree)),
    folding,
    new TreeLayers(context, node.name, step),
    sums,
  );
  if (!isAlone) for (const [target, sum] of sums) sum.constant += toInteger(base[target]! * divisor);
  if (mirrored === undefined) return [...sums.values()];
  const other = sums.get(1)!;
  const own = toInteger(base[0]! * divisor) + toInteger(base[1]! * divisor);
  const total = mirrored.reduce((sum, each) => sum + toInteger(each), own);
  const weights = new Map(Array.from(other.weights, ([id, weight]) => [id, -weight]));
  return [{ ...other, weights, constant: total - other.constant }, other];
}

/** Two targets whose weights add up to the same number in every leaf of a tree are one sum and its mirror image. */
const MIRRORED_SHARE = 2 ** -22;

/** By tree: what its leaves give to both of two targets; undefined if that differs from leaf to leaf. */
function mirroredTotals({ trees: all, count }: TreesNode): number[] | undefined {
  if (count !== 2) return undefined;
  const totals: number[] = [];
  for (const { leaves } of all) {
    const sums = leaves.map((leaf) => leaf.reduce((sum, { weight }) => sum + weight, 0));
    const largest = leaves.flat().reduce((most, { weight }) => Math.max(most, Math.abs(weight)), 0);
    if (sums.some((sum) => Math.abs(sum - sums[0]!) > MIRRORED_SHARE * largest)) return undefined;
    totals.push(sums[0]!);
  }
  return totals;
}

/** Each tree in the cheaper of two ways: choices for each target, or indicators of its leaves for all of them. */
function addTrees(
  all: readonly FoldedTree[],
  folding: FoldedTrees,
  layers: TreeLayers,
  sums: ReadonlyMap<number, TreeSum>,
): void {
  const chosen: { sum: TreeSum; value: TreeValue }[] = [];
  for (const [index, tree] of all.entries()) {
    const values = Array.from(sums, ([target, sum]) => ({ sum, value: folding.valueOf(tree, target) }));
    const selects = [...withOperands(values.map(({ value }) => value))].filter(
      ({ kind }) => kind === 'select',
    );
    if (selects.length <= Math.max(branchCount(tree) - 1, 0)) chosen.push(...values);
    else layers.addLeaves(tree, index, sums);
  }
  layers.append(chosen.map(({ value }) => value));
  for (const { sum, value } of chosen) layers.addTo(sum, value);
}
