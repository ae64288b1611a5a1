import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { TreesNode } from '../../graph/float-graph.ts';
import type { TreeLeaf } from '../../graph/tree.ts';
import type { IntegerMax, Requantize } from '../../integer/integer-graph.ts';
import type { LoweringContext } from './context.ts';
import { FoldedTrees } from './fold-trees.ts';
import type { TreeSteps } from './tree-steps.ts';
import { emptySum, TreeLayers, type TreeSum } from './tree-sums.ts';
import { rangeOf, type TreeValue } from './tree-values.ts';

/** The largest or the smallest of what the trees give to each target, as a sum of one value. */
export function extremesOf(
  node: TreesNode,
  context: LoweringContext,
  { step, toInteger }: TreeSteps,
): TreeSum[] {
  const { aggregate, count, base, trees: all } = node;
  const sign = aggregate === 'max' ? 1 : -1;
  const lowest = all
    .flatMap(({ leaves }) => leaves.flat())
    .reduce((least, { weight }) => Math.min(least, sign * toInteger(weight)), Infinity);
  const folding = new FoldedTrees(node, context.conditions, (leaf) => {
    const weights = new Float64Array(count).fill(lowest);
    for (const { target, weight } of leaf) weights[target] = sign * toInteger(weight);
    return weights.map((weight, target) => weight + sign * toInteger(base[target]!));
  });
  const folded = all.map((tree) => folding.fold(tree));
  const layers = new TreeLayers(context, node.name, step);
  const candidates = Array.from({ length: count }, (_, target) => {
    requireWritten(node, target);
    const own = folded.filter((_tree, k) => all[k]!.leaves.some((leaf) => writes(leaf, target)));
    return undominated([...new Set(own.map((tree) => folding.valueOf(tree, target)))]);
  });
  layers.append(
    [],
    candidates.flat().filter(({ kind }) => kind !== 'constant'),
  );
  return candidates.map((values, target) => {
    const largest = largestOf(values, { name: `${node.name}/largest ${target}`, context, layers, step });
    if (largest === undefined) return { ...emptySum(), constant: toInteger(base[target]!) };
    if (typeof largest === 'number') return { ...emptySum(), constant: sign * largest };
    return { ...emptySum(), weights: new Map([[largest.id, sign]]) };
  });
}

/** Without values that are never above another one. */
function undominated(values: readonly TreeValue[]): TreeValue[] {
  const ranges = new Map(values.map((value) => [value, rangeOf(value)]));
  const lo = (value: TreeValue) => ranges.get(value)!.lo;
  const floor = values.reduce((most, value) => Math.max(most, lo(value)), -Infinity);
  const kept = values.filter((value) => ranges.get(value)!.hi > floor);
  // What is always the same is needed where no other value reaches it for sure.
  return kept.some((value) => lo(value) === floor)
    ? kept
    : [...kept, ...values.filter((value) => lo(value) === floor).slice(0, 1)];
}

interface Placed {
  readonly name: string;
  readonly context: LoweringContext;
  readonly layers: TreeLayers;
  readonly step: number;
}

/** The largest of these values: a constant, or the id of a value; undefined if there are none. */
function largestOf(
  values: readonly TreeValue[],
  placed: Placed,
): number | { readonly id: number } | undefined {
  const constants = values.flatMap((value) => (value.kind === 'constant' ? [value.value] : []));
  const ids = values.flatMap((value) => (value.kind === 'constant' ? [] : [placed.layers.idOf(value)]));
  const least = constants.reduce((most, value) => Math.max(most, value), -Infinity);
  if (ids.length === 0) return constants.length === 0 ? undefined : least;
  const id = ids.length === 1 ? ids[0]! : largestId(ids, placed);
  return { id: constants.length === 0 ? id : atLeast(id, least, placed) };
}

function largestId(ids: readonly number[], { name, context, step }: Placed): number {
  const node = {
    op: 'max',
    name,
    origin: [],
    count: 1,
    taps: ids.length,
    gather: Int32Array.from(ids),
  } as const;
  return context.push<IntegerMax>(node, Float64Array.of(step)).first;
}

function atLeast(id: number, low: number, { name, context, step }: Placed): number {
  return context.push<Requantize>(
    {
      ...{ op: 'requantize', name: `${name}/constant`, origin: [], count: 1, shift: 0 },
      source: Int32Array.of(id),
      activation: { kind: 'clamp', low, high: null },
    },
    Float64Array.of(step),
  ).first;
}

function writes(leaf: TreeLeaf, target: number): boolean {
  return leaf.some((write) => write.target === target);
}

/** Some tree writes to the target in every leaf, or none does at all: else there may be nothing to compare. */
function requireWritten({ name, trees: all }: TreesNode, target: number): void {
  const isAlways = all.some(({ leaves }) => leaves.every((leaf) => writes(leaf, target)));
  const isEver = all.some(({ leaves }) => leaves.some((leaf) => writes(leaf, target)));
  if (isAlways || !isEver) return;
  throw new QuietproofError('QP3018', {
    where: `node "${name}", target ${target}`,
    fix: 'Export the trees so that every leaf of one tree gives a number to the target',
  });
}
