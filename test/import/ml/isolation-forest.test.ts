import { describe, expect, it } from 'vitest';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { buildOnnx, type ModelSpec, type NodeSpec, writeModel } from '../onnx/build-onnx.ts';
import { answersOf, largestIndex, regressor, rowsOf, type TreeSpec } from './ensembles.ts';

const leaf = (weight: number): TreeSpec => ({ leaf: { 0: weight } });

/** The leaf that x reaches, as a number: 1, 2, 4 or 5. */
const LEAVES: TreeSpec = {
  ...{ mode: 'LEQ', feature: 0, threshold: 2 },
  whenTrue: { mode: 'LEQ', feature: 0, threshold: 1, whenTrue: leaf(1), whenFalse: leaf(2) },
  whenFalse: { mode: 'GT', feature: 0, threshold: 3, whenTrue: leaf(4), whenFalse: leaf(5) },
};

const TREE = { ...regressor([LEAVES], 1).nodes[0]!, output: 'leaf' };

function model(nodes: readonly NodeSpec[], weights: Record<string, number>): ModelSpec {
  const stored = Object.entries(weights).map(([name, value]) => [name, { shape: [1], data: [value] }]);
  const base = { input: ['N', 1], opset: 17, learnedOpset: 3 };
  return { ...base, nodes: [TREE, ...nodes], weights: Object.fromEntries(stored) };
}

const lookUp: NodeSpec = {
  op: 'LabelEncoder',
  domain: 'ai.onnx.ml',
  inputs: ['whole'],
  output: 'depth',
  attributes: { keys_int64s: [1, 2, 4], values_floats: { floats: [1, 3, 7] }, default_float: { float: 0.5 } },
};
const whole: NodeSpec = { op: 'Cast', inputs: ['leaf'], output: 'whole', attributes: { to: 7 } };

describe('what follows from one tree', () => {
  it('is computed at its leaves, as the file computes it', async () => {
    const nodes: NodeSpec[] = [
      whole,
      lookUp,
      { op: 'Greater', inputs: ['depth', 'one'], output: 'deep' },
      { op: 'Cast', inputs: ['deep'], output: 'flag', attributes: { to: 1 } },
      { op: 'Max', inputs: ['depth', 'two'], output: 'least' },
      { op: 'Log', inputs: ['least'], output: 'log' },
      { op: 'Mul', inputs: ['log', 'flag'], output: 'product' },
      { op: 'Div', inputs: ['product', 'depth'], output: 'y' },
    ];
    const { graph, ours, theirs } = await answersOf(
      model(nodes, { one: 1, two: 2 }),
      rowsOf([0, 1.5, 2.5, 4]),
    );
    expect(graph.nodes.map(({ op }) => op)).toEqual(['trees']);
    ours.forEach((row, k) => {
      expect(row[0]).toBeCloseTo(theirs[k]![0]!, 6);
    });
    expect(new Set(ours.map(([value]) => value)).size).toBe(3);
  });

  it('and the label that a power of it decides, at the exact bound', async () => {
    const nodes: NodeSpec[] = [
      whole,
      lookUp,
      { ...TREE, output: 'other' },
      { op: 'Sum', inputs: ['depth', 'other'], output: 'sum' },
      { op: 'Neg', inputs: ['sum'], output: 'negative' },
      { op: 'Pow', inputs: ['two', 'negative'], output: 'power' },
      { op: 'Neg', inputs: ['power'], output: 'falling' },
      { op: 'Add', inputs: ['falling', 'limit'], output: 'score' },
      { op: 'Less', inputs: ['score', 'zero'], output: 'below' },
      { op: 'Cast', inputs: ['below'], output: 'flag', attributes: { to: 7 } },
      { op: 'Cast', inputs: ['flag'], output: 'y', attributes: { to: 7 } },
    ];
    const spec = { ...model(nodes, { two: 2, limit: 2 ** -5, zero: 0 }), outputType: 7 };
    const { graph, ours, theirs } = await answersOf(spec, rowsOf([0, 1.5, 2.5, 4]));
    expect(graph.outputs[0]).toMatchObject({ head: 'argmax', classes: ['0', '1'] });
    const labels = ours.map(largestIndex);
    expect(labels).toEqual(theirs.map(([label]) => label));
    // The sums are 2, 5, 5.5 and 11; 5 gives exactly 0, which is not below 0.
    expect(labels).toEqual([1, 0, 0, 0]);
  });

  it('an operator that is not computed there is refused by name', async () => {
    const path = writeModel(buildOnnx(model([{ op: 'Det', inputs: ['leaf'], output: 'y' }], {})));
    await expect(importOnnx(path)).rejects.toMatchObject({ code: 'QP2101' });
  });
});
