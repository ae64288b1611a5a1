import { describe, expect, it } from 'vitest';
import { circuitCost } from '../../../src/circuit/circuit-cost.ts';
import type { FloatGraph, TreesNode } from '../../../src/graph/float-graph.ts';
import { float32Rank } from '../../../src/graph/float32.ts';
import type { Tree, TreeBranch } from '../../../src/graph/tree.ts';
import { uniformWidths } from '../../../src/quantize/bit-widths.ts';
import { calibrate } from '../../../src/quantize/calibrate.ts';
import { quantizer } from '../../../src/quantize/quantize.ts';
import { rankedFeatures } from '../../../src/quantize/ranked-features.ts';
import { Dice } from '../../graph/random-graph.ts';
import { type TreesOptions, treesGraph } from './random-trees.ts';

/** A tree that grows leaf by leaf, as LightGBM's do, with tests x ≤ t and no two equal numbers. */
function grownTree(dice: Dice, features: number, count: number, leaves: number): Tree {
  const branches: TreeBranch[] = [];
  /** Where the growing leaves hang. */
  const open: [branch: number, side: 'whenTrue' | 'whenFalse'][] = [];
  for (let k = 1; k < leaves; k += 1) {
    const [place] = open.length === 0 ? [] : open.splice(dice.int(0, open.length - 1), 1);
    if (place !== undefined) branches[place[0]] = { ...branches[place[0]]!, [place[1]]: branches.length };
    open.push([branches.length, 'whenTrue'], [branches.length, 'whenFalse']);
    const high = Math.fround(dice.pick([-1, 1]) * dice.real(1e-3, 1e3));
    const passes = [{ low: -Infinity, high }];
    branches.push({
      feature: dice.int(0, features - 1),
      passes,
      missingPasses: false,
      whenTrue: 0,
      whenFalse: 0,
    });
  }
  open.forEach(([branch, side], leaf) => {
    branches[branch] = { ...branches[branch]!, [side]: ~leaf };
  });
  const weights = () =>
    Array.from({ length: count }, (_, target) => ({ target, weight: Math.fround(dice.real(-1, 1)) }));
  return { root: 0, branches, leaves: open.map(weights) };
}

const isPair = ({ whenTrue, whenFalse }: TreeBranch) => whenTrue < 0 && whenFalse < 0;

/** Σ_f (K_f + 2(g_f + 1)) + Σ_trees min(C·(I − B), max(I − 1, 0)), with a range of 0 … 4278190080 for every feature. */
function formula({ trees, count }: TreesNode): number {
  const cuts = new Map<number, Set<number>>();
  for (const { feature, passes } of trees.flatMap(({ branches }) => branches)) {
    cuts.set(feature, (cuts.get(feature) ?? new Set()).add(float32Rank(passes[0]!.high) + 1));
  }
  let total = 0;
  for (const own of cuts.values()) {
    const starts = [0, ...Array.from(own).sort((a, b) => a - b), 4278190081];
    const widest = starts.slice(1).reduce((most, next, k) => Math.max(most, next - starts[k]!), 0);
    total += own.size + 2 * ((widest - 1).toString(2).length + 1);
  }
  for (const { branches } of trees) {
    const pairs = branches.filter(isPair).length;
    total += Math.min(count * (branches.length - pairs), Math.max(branches.length - 1, 0));
  }
  return total;
}

const ENSEMBLES: readonly [name: string, options: TreesOptions & { readonly leaves: number }][] = [
  ['100 trees of 8 leaves', { features: 30, count: 1, trees: 100, depth: 0, leaves: 8 }],
  ['60 trees of 31 leaves', { features: 20, count: 1, trees: 60, depth: 0, leaves: 31 }],
  ['20 trees of 40 leaves for 10 classes', { features: 64, count: 10, trees: 20, depth: 0, leaves: 40 }],
];

describe.each(ENSEMBLES)('the cost of %s', (_, options) => {
  it('is the formula, exactly', () => {
    const dice = new Dice(11);
    const { features, count, trees, leaves } = options;
    const base = treesGraph(dice, { ...options, trees: 1 });
    const node: TreesNode = {
      ...(base.nodes[0] as TreesNode),
      trees: Array.from({ length: trees }, () => grownTree(dice, features, count, leaves)),
    };
    const graph: FloatGraph = { ...base, nodes: [node] };
    const rows = Array.from({ length: 3 }, () => dice.tensor(features).data);
    const options8 = { input: 'public', ranked: rankedFeatures(graph, {}) } as const;
    const model = quantizer(graph, calibrate(graph, rows), { ...options8, decisions: [{ kind: 'logits' }] })(
      uniformWidths(8),
    );
    const { layers } = circuitCost(model.graph);
    const own = layers.filter(({ layer }) => layer !== 'trees');
    expect(own.reduce((sum, { constraints }) => sum + constraints, 0)).toBe(formula(node));
    // The sums themselves: one constraint per stated output.
    expect(layers.find(({ layer }) => layer === 'trees')?.constraints).toBe(count);
  });
});
