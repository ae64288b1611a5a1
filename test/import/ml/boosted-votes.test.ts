import { describe, expect, it } from 'vitest';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { buildOnnx, type ModelSpec, type NodeSpec, writeModel } from '../onnx/build-onnx.ts';
import { answersOf, classifier, HOSTILE, neighbours, rowsOf, type TreeSpec } from './ensembles.ts';
import { expectSameLabels, expectSameValues } from './expect-same.ts';

/** Reproducible numbers from 0 to 1. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

const one = (...data: number[]) => ({ shape: [data.length], data });
const whole = (...data: number[]) => ({ shape: [data.length], data, int: true });

/** What skl2onnx makes of an AdaBoostClassifier: each tree votes for the largest of its scores. */
function boosted(trees: readonly TreeSpec[], classes: number, features: number): ModelSpec {
  const labels = Array.from({ length: classes }, (_, k) => k);
  const nodes: NodeSpec[] = trees.flatMap((tree, t) => {
    const [node] = classifier([tree], features, { classlabels_int64s: labels }).nodes;
    return [
      { ...node!, output: `own${t}`, further: [`scores${t}`] },
      { op: 'ArgMax', inputs: [`scores${t}`], output: `best${t}`, attributes: { axis: 1 } },
      { op: 'Equal', inputs: [`best${t}`, 'classes'], output: `is${t}` },
      { op: 'Where', inputs: [`is${t}`, 'one', 'other'], output: `vote${t}` },
      { op: 'Mul', inputs: [`vote${t}`, `weight${t}`], output: `votes${t}` },
    ];
  });
  nodes.push(
    { op: 'Sum', inputs: trees.map((_, t) => `votes${t}`), output: 'sum' },
    { op: 'Div', inputs: ['sum', 'total'], output: 'mean' },
    { op: 'Exp', inputs: ['mean'], output: 'exp' },
    { op: 'ReduceSum', inputs: ['exp', 'axis'], output: 'all' },
    { op: 'Cast', inputs: ['all'], output: 'cut', attributes: { to: 7 } },
    { op: 'Equal', inputs: ['cut', 'none'], output: 'isNone' },
    { op: 'Cast', inputs: ['isNone'], output: 'more', attributes: { to: 1 } },
    { op: 'Add', inputs: ['all', 'more'], output: 'divisor' },
    { op: 'Div', inputs: ['exp', 'divisor'], output: 'probabilities' },
    { op: 'ArgMax', inputs: ['probabilities'], output: 'place', attributes: { axis: 1 } },
    { op: 'ArrayFeatureExtractor', domain: 'ai.onnx.ml', inputs: ['names', 'place'], output: 'label' },
  );
  const weights = Object.fromEntries(trees.map((_, t) => [`weight${t}`, one(Math.fround(Math.sqrt(t + 2)))]));
  return {
    ...{ input: ['N', features], opset: 17, learnedOpset: 1, nodes },
    weights: {
      ...{ ...weights, classes: { ...whole(...labels), shape: [1, classes] }, names: whole(...labels) },
      ...{
        one: one(1),
        other: one(-1 / (classes - 1)),
        total: one(trees.length),
        axis: whole(1),
        none: whole(0),
      },
    },
    outputs: [
      { name: 'label', type: 7 },
      { name: 'probabilities', type: 1 },
    ],
  };
}

/** A tree of depth 2 with scores of all classes at each leaf, some of them equal. */
function tree(random: () => number, classes: number, features: number): TreeSpec {
  const leaf = (): TreeSpec => ({
    leaf: Object.fromEntries(
      Array.from({ length: classes }, (_, k) => [k, Math.floor(random() * 4 + 1) / 8]),
    ),
  });
  const test = () => ({
    mode: 'LEQ' as const,
    feature: Math.floor(random() * features),
    threshold: Math.fround(random() * 4 - 2),
  });
  return { ...test(), whenTrue: { ...test(), whenTrue: leaf(), whenFalse: leaf() }, whenFalse: leaf() };
}

describe('AdaBoost', () => {
  it.each([2, 3, 5])('of %i classes is a sum of trees, with the labels of ONNX Runtime', async (classes) => {
    const random = randomNumbers(classes * 7919);
    const trees = Array.from({ length: 4 }, () => tree(random, classes, 3));
    const rows = Array.from({ length: 60 }, () => Float64Array.from({ length: 3 }, () => random() * 5 - 2.5));
    for (const value of HOSTILE) rows.push(Float64Array.of(value, random(), value));
    const model = boosted(trees, classes, 3);
    await expectSameLabels(model, rows);
    const { graph } = await answersOf(model, []);
    expect(graph.nodes.map(({ op }) => op)).toEqual([...trees.map(() => 'trees'), 'linear']);
  });
});

const CUT_AT = [-3, -1, 0, 1, 2];

describe('a whole number that a Cast cuts off', () => {
  const nodes: NodeSpec[] = [
    { op: 'Cast', inputs: ['x'], output: 'cut', attributes: { to: 7 } },
    ...CUT_AT.flatMap((_, k): NodeSpec[] => [
      { op: 'Equal', inputs: k % 2 === 0 ? ['cut', `c${k}`] : [`c${k}`, 'cut'], output: `is${k}` },
      { op: 'Cast', inputs: [`is${k}`], output: `flag${k}`, attributes: { to: 1 } },
    ]),
    { op: 'Concat', inputs: CUT_AT.map((_, k) => `flag${k}`), output: 'y', attributes: { axis: 1 } },
  ];
  const weights = Object.fromEntries(CUT_AT.map((value, k) => [`c${k}`, whole(value)]));
  const model: ModelSpec = { input: ['N', 1], opset: 17, nodes, weights };

  it('is compared with a constant as ONNX Runtime does', async () => {
    const values = [-4, -3, -2, -1, 0, 1, 2, 3].flatMap((value) => [...neighbours(value), value + 0.5]);
    await expectSameValues(model, rowsOf(values), 1e-9);
  });

  it('is refused by name wherever else it is read', async () => {
    const back: NodeSpec = { op: 'Cast', inputs: ['cut'], output: 'y', attributes: { to: 1 } };
    const path = writeModel(buildOnnx({ input: ['N', 1], opset: 17, nodes: [nodes[0]!, back] }));
    await expect(importOnnx(path)).rejects.toThrow(/Cast of activations to int64 cannot be proved/);
  });
});

describe('functions that keep the order of scores', () => {
  const label: NodeSpec = { op: 'ArgMax', inputs: ['scores'], output: 'y', attributes: { axis: 1 } };
  const scoresOf = async (nodes: readonly NodeSpec[], weights: ModelSpec['weights'] = {}) => {
    const spec = { input: ['N', 3], opset: 17, nodes: [...nodes, label], weights, outputType: 7 };
    return importOnnx(writeModel(buildOnnx(spec)));
  };

  it('are computed where float32 may have the same number for several of them', async () => {
    const graph = await scoresOf([{ op: 'Exp', inputs: ['x'], output: 'scores' }]);
    expect(graph.nodes.map(({ op }) => op)).toEqual(['activation']);
  });

  it('and a quotient whose divisor may be below 0', async () => {
    const graph = await scoresOf(
      [
        { op: 'ReduceSum', inputs: ['x', 'axis'], output: 'sum' },
        { op: 'Div', inputs: ['x', 'sum'], output: 'scores' },
      ],
      { axis: whole(1) },
    );
    expect(graph.outputs[0]!.values).toEqual(
      Int32Array.from(graph.nodes.at(-1)!.op === 'divide' ? [4, 5, 6] : []),
    );
  });
});
