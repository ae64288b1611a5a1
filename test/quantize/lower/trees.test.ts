import { describe, expect, it } from 'vitest';
import { integerLogits } from '../../../src/compile/quality/compare.ts';
import { checkGraph } from '../../../src/graph/check-graph.ts';
import type { FloatGraph } from '../../../src/graph/float-graph.ts';
import { uniformWidths } from '../../../src/quantize/bit-widths.ts';
import { calibrate } from '../../../src/quantize/calibrate.ts';
import type { QuantizedModel } from '../../../src/quantize/quantize.ts';
import { quantizer } from '../../../src/quantize/quantize.ts';
import { rankedFeatures } from '../../../src/quantize/ranked-features.ts';
import { Dice } from '../../graph/random-graph.ts';
import { rowsAtThresholds, type TreesOptions, treesGraph } from './random-trees.ts';

const logits = { kind: 'logits' } as const;

function quantized(graph: FloatGraph, rows: readonly Float64Array[], grids = false): QuantizedModel {
  checkGraph(graph, 'random trees');
  const ranked = rankedFeatures(graph, { grids });
  return quantizer(graph, calibrate(graph, rows), { input: 'public', decisions: [logits], ranked })(
    uniformWidths(8),
  );
}

const count = (model: QuantizedModel, op: string) =>
  model.graph.nodes.reduce((sum, node) => sum + (node.op === op ? node.count : 0), 0);

const OPTIONS: readonly (TreesOptions & { readonly name: string })[] = [
  { name: 'a sum', features: 3, count: 1, trees: 12, depth: 4 },
  { name: 'several outputs', features: 4, count: 3, trees: 6, depth: 3 },
  { name: 'missing values', features: 3, count: 1, trees: 10, depth: 3, missing: true },
  { name: 'an average', features: 2, count: 2, trees: 7, depth: 3, aggregate: 'average' },
  { name: 'the smallest', features: 3, count: 2, trees: 4, depth: 3, aggregate: 'min' },
  { name: 'the largest', features: 3, count: 1, trees: 5, depth: 3, aggregate: 'max', missing: true },
  { name: 'equal sub-trees', features: 2, count: 2, trees: 9, depth: 5, weights: [0, 1] },
];

describe.each(OPTIONS)('trees with $name', (options) => {
  it('give what the float model gives, also at every threshold and beside it', () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const dice = new Dice(seed);
      const graph = treesGraph(dice, options);
      const rows = rowsAtThresholds(dice, options.features, 120, options.missing);
      const model = quantized(graph, rows);
      const { outputs } = calibrate(graph, rows);
      rows.forEach((row, k) => {
        integerLogits(model, row).forEach((value, i) => {
          const expected = outputs[k]![i]!;
          if (Math.abs(value - expected) > 1e-6) {
            expect.fail(`seed ${seed}, row ${k} (${row.join()}), output ${i}: ${value}, not ${expected}`);
          }
        });
      });
    }
  });
});

describe('the cost of an ensemble', () => {
  it('is one wire for a comparison, whatever number of nodes make it', () => {
    const one = { passes: [{ low: -Infinity, high: 1 }], missingPasses: false, feature: 0 };
    const leaf = (weight: number) => [{ target: 0, weight }];
    const tree = (k: number) => ({
      root: 0,
      branches: [{ ...one, whenTrue: ~0, whenFalse: ~1 }],
      leaves: [leaf(k), leaf(-k)],
    });
    const graph = treesGraph(new Dice(1), { features: 1, count: 1, trees: 1, depth: 1 });
    const node = graph.nodes[0]! as Extract<FloatGraph['nodes'][number], { op: 'trees' }>;
    const many = { ...graph, nodes: [{ ...node, trees: [1, 2, 3, 4].map(tree) }] };
    const model = quantized(many, [Float64Array.of(0), Float64Array.of(2)]);
    expect([count(model, 'thermometer'), count(model, 'select'), count(model, 'tree-leaves')]).toEqual([
      1, 0, 0,
    ]);
    expect(integerLogits(model, Float64Array.of(1))[0]).toBeCloseTo(10 + node.base[0]!, 6);
  });
});

it('A feature on a grid is compared on the grid', () => {
  const dice = new Dice(3);
  const graph = treesGraph(dice, { features: 2, count: 1, trees: 6, depth: 3 });
  const rows = Array.from({ length: 600 }, () =>
    Float64Array.of(dice.int(-10, 100) / 10, dice.int(-10, 100) / 10),
  );
  const model = quantized(graph, rows, true);
  expect(model.graph.input.codings.every(({ kind }) => kind === 'affine')).toBe(true);
  const { outputs } = calibrate(graph, rows);
  rows.forEach((row, k) => {
    expect(integerLogits(model, row)[0]).toBeCloseTo(outputs[k]![0]!, 6);
  });
});
