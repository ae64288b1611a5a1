import { describe, expect, it } from 'vitest';
import type { TreesNode } from '../../../src/graph/float-graph.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { buildOnnx, type ModelSpec, type NodeSpec, writeModel } from '../onnx/build-onnx.ts';
import { answersOf, HOSTILE, MODES, neighbours, regressor, rowsOf, type TreeSpec } from './ensembles.ts';

/** Decimals, of which the products and sums with constants are rounded one way or the other. */
const THRESHOLDS = [0, -0.7, 0.1, 1.35, 3.3e-5, -1e10, 2 ** -140, Infinity, -Infinity].map(Math.fround);

const STUMPS = MODES.flatMap((mode, m) =>
  THRESHOLDS.map((threshold, k): TreeSpec => {
    const target = m * THRESHOLDS.length + k;
    const missing = (m + k) % 2 === 0;
    const leaves = { whenTrue: { leaf: { [target]: 1 } }, whenFalse: { leaf: { [target]: 2 } } };
    return { mode, feature: 0, threshold, missing, ...leaves };
  }),
);

/** A model that computes something on its only feature, `x`, before trees read it as `z`. */
function before(nodes: readonly NodeSpec[], parts: Partial<ModelSpec> = {}): ModelSpec {
  const trees = regressor(STUMPS, 1, { n_targets: STUMPS.length });
  const [node] = trees.nodes;
  return { ...trees, opset: 17, ...parts, nodes: [...nodes, { ...node!, inputs: ['z'] }] };
}

const scaler = (offset: number, scale: number): NodeSpec => ({
  op: 'Scaler',
  domain: 'ai.onnx.ml',
  inputs: ['x'],
  output: 'z',
  attributes: { offset: { floats: [offset] }, scale: { floats: [scale] } },
});

const imputer = (replaced: number, by: number): NodeSpec => ({
  op: 'Imputer',
  domain: 'ai.onnx.ml',
  inputs: ['x'],
  output: 'z',
  attributes: { imputed_value_floats: { floats: [by] }, replaced_value_float: { float: replaced } },
});

/** x → w → z by constants a and b. */
function arithmetic(first: string, second: string, a: number, b: number, isReversed = false): ModelSpec {
  const chain: NodeSpec[] = [
    { op: first, inputs: isReversed ? ['a', 'x'] : ['x', 'a'], output: 'w' },
    { op: second, inputs: ['w', 'b'], output: 'z' },
  ];
  return before(chain, { weights: { a: { shape: [1], data: [a] }, b: { shape: [1], data: [b] } } });
}

const CASES: Readonly<Record<string, ModelSpec>> = {
  'a scaler': before([scaler(0.3, 1.7)]),
  'a scaler that reverses the order': before([scaler(-12.8, -0.0371)]),
  'a scaler whose results overflow': before([scaler(1e38, 1e5)]),
  'a scaler whose results vanish': before([scaler(0.1, 1e-30)]),
  'a scaler by 0': before([scaler(0.1, 0)]),
  'Mul and Add': arithmetic('Mul', 'Add', 0.04732831, -0.33039895),
  'Sub and Div': arithmetic('Sub', 'Div', 13.37, -4.1),
  'Sub from a constant and Mul': arithmetic('Sub', 'Mul', 0.9, 3.1, true),
  'Add and Sub of what nearly cancels': arithmetic('Add', 'Sub', 1e8, 1e8),
  'an imputer of NaN': before([imputer(Number.NaN, 0.1)]),
  'an imputer of a number': before([imputer(Math.fround(0.1), -5)]),
  'an imputer of 0, both signs of it': before([imputer(0, 2)]),
  'an imputer, then a scaler': before([
    { ...imputer(Number.NaN, 7.5), output: 'w' },
    { ...scaler(3.25, -0.3), inputs: ['w'] },
  ]),
  'a computation in float64, rounded to float32': before(
    [
      { op: 'Cast', inputs: ['x'], output: 'wide', attributes: { to: 11 } },
      { op: 'Sub', inputs: ['wide', 'a'], output: 'moved' },
      { op: 'Div', inputs: ['moved', 'b'], output: 'scaled' },
      { op: 'Cast', inputs: ['scaled'], output: 'z', attributes: { to: 1 } },
    ],
    {
      weights: {
        a: { shape: [1], data: [0.30000000004], type: 11 },
        b: { shape: [1], data: [0.7], type: 11 },
      },
    },
  ),
  'rounding to float16 and back': before([
    { op: 'Cast', inputs: ['x'], output: 'half', attributes: { to: 10 } },
    { op: 'Cast', inputs: ['half'], output: 'z', attributes: { to: 1 } },
  ]),
  'a float64 input that is cast to float32': before(
    [{ op: 'Cast', inputs: ['x'], output: 'z', attributes: { to: 1 } }],
    { inputType: 11 },
  ),
};

/** The values of a feature at which some test turns, and those beside them. */
async function turningPoints(path: string): Promise<number[]> {
  const { nodes } = await importOnnx(path);
  const trees = nodes.filter((node): node is TreesNode => node.op === 'trees');
  const passes = trees.flatMap((node) =>
    node.trees.flatMap(({ branches }) => branches.map((one) => one.passes)),
  );
  return [...new Set(passes.flat().flatMap(({ low, high }) => [...neighbours(low), ...neighbours(high)]))];
}

describe('what is computed before trees is folded into their tests exactly', () => {
  it.each(Object.keys(CASES))('%s', async (name) => {
    const path = writeModel(buildOnnx(CASES[name]!));
    const points = await turningPoints(path);
    expect(points.length).toBeGreaterThan(0);
    const { graph, ours, theirs } = await answersOf(path, rowsOf([...HOSTILE, ...points]));
    expect(graph.nodes.map(({ op }) => op)).toEqual(['trees']);
    expect(ours).toEqual(theirs);
  });
});

describe('integers before trees', () => {
  it.each([
    ['int64', 7],
    ['int32', 6],
  ])('a scaler of %s, also of integers that float32 rounds', async (_, inputType) => {
    const path = writeModel(buildOnnx(before([scaler(0.3, 1.7)], { inputType })));
    const wide = [2 ** 24 + 1, 2 ** 24 + 3, 2 ** 30 + 63, 2 ** 30 + 65].flatMap((one) => [one, -one]);
    const points = (await turningPoints(path)).map(Math.round).filter((one) => Math.abs(one) < 2 ** 31);
    expect(points.length).toBeGreaterThan(4);
    const { ours, theirs } = await answersOf(path, rowsOf([-3, -1, 0, 1, 2, 30, ...wide, ...points]));
    expect(ours).toEqual(theirs);
  });
});
