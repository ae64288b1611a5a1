import { describe, expect, it } from 'vitest';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { type AttributeSpec, buildOnnx, type ModelSpec, writeModel } from '../onnx/build-onnx.ts';
import { noise } from '../onnx/compare.ts';
import { expectSameLabels, expectSameValues } from './expect-same.ts';

const ML = 'ai.onnx.ml';
const FEATURES = 4;
const floats = (...values: readonly number[]) => ({ floats: values });
const coefficients = (count: number, seed = 3) => ({ floats: [...noise(count, seed)] });

/** Random rows, and those where scores are 0 or equal. */
const ROWS = [
  ...Array.from({ length: 60 }, (_, i) => noise(FEATURES, i + 1)),
  new Float64Array(FEATURES),
  new Float64Array(FEATURES).fill(1),
];

function classifier(
  op: string,
  attributes: Record<string, AttributeSpec>,
  output: 'label' | 'scores',
): ModelSpec {
  const type = 'classlabels_strings' in attributes ? 8 : 7;
  const outputs = [output === 'label' ? { name: 'label', type } : { name: 'scores', type: 1 }];
  const node = { op, domain: ML, inputs: ['x'], output: 'label', further: ['scores'], attributes };
  return { input: ['N', FEATURES], opset: 0, learnedOpset: 1, outputs, nodes: [node] };
}

const NAMES = { classlabels_strings: { strings: ['no', 'maybe', 'yes'] } };
const TWO = { classlabels_ints: [7, 3] };

describe('LinearClassifier', () => {
  const three = { coefficients: coefficients(3 * FEATURES), intercepts: floats(0.25, 0, -0.5), ...NAMES };
  const tied = {
    coefficients: floats(1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0),
    intercepts: floats(0, 0, 0),
    ...NAMES,
  };
  const one = { coefficients: coefficients(FEATURES), intercepts: floats(0), ...TWO };
  const twoScores = { coefficients: coefficients(2 * FEATURES), intercepts: floats(0, 0), ...TWO };

  it.each(['NONE', 'SOFTMAX', 'LOGISTIC', 'SOFTMAX_ZERO'])(
    'gives the label after %s',
    async (post_transform) => {
      for (const attributes of [three, tied, one, twoScores])
        await expectSameLabels(
          classifier('LinearClassifier', { ...attributes, post_transform }, 'label'),
          ROWS,
        );
    },
  );

  it.each(['NONE', 'SOFTMAX', 'LOGISTIC'])('gives the scores after %s', async (post_transform) => {
    for (const attributes of [three, one, twoScores])
      await expectSameValues(
        classifier('LinearClassifier', { ...attributes, post_transform }, 'scores'),
        ROWS,
        1e-5,
      );
  });

  it.each([
    ['labels', { ...three, classlabels_strings: { strings: ['no', 'yes'] } }, 'QP2118'],
    ['coefficients', { ...three, coefficients: coefficients(FEATURES) }, 'QP2110'],
    ['intercepts', { ...three, intercepts: floats() }, 'QP2110'],
  ])('refuses %s that do not fit', async (_, attributes, code) => {
    const path = writeModel(buildOnnx(classifier('LinearClassifier', attributes, 'label')));
    await expect(importOnnx(path)).rejects.toMatchObject({ code });
  });
});

describe('LinearRegressor', () => {
  const regressor = (attributes: Record<string, AttributeSpec>): ModelSpec => ({
    input: ['N', FEATURES],
    opset: 0,
    learnedOpset: 1,
    nodes: [{ op: 'LinearRegressor', domain: ML, inputs: ['x'], output: 'y', attributes }],
  });
  const two = { targets: 2, coefficients: coefficients(2 * FEATURES), intercepts: floats(1, -1) };

  it.each(['NONE', 'SOFTMAX', 'LOGISTIC'])('computes every target, with %s', async (post_transform) => {
    await expectSameValues(regressor({ ...two, post_transform }), ROWS, 1e-5);
  });

  it.each(['SOFTMAX', 'LOGISTIC', 'SOFTMAX_ZERO'])(
    'applies no %s to a single target, as ONNX Runtime does not',
    async (post_transform) => {
      const one = { coefficients: coefficients(FEATURES), intercepts: floats(-3), post_transform };
      await expectSameValues(regressor(one), ROWS, 1e-5);
    },
  );

  it('leaves out intercepts of another number', async () => {
    await expectSameValues(regressor({ ...two, intercepts: floats(5) }), ROWS, 1e-5);
    await expectSameValues(regressor({ coefficients: coefficients(FEATURES), targets: 1 }), ROWS, 1e-5);
  });
});

describe('columns', () => {
  const places = { p: { shape: [3], data: [2, 0, 2], int: true } };

  it('are chosen by ArrayFeatureExtractor, and named in a FeatureVectorizer', async () => {
    await expectSameValues(
      {
        ...{ input: ['N', FEATURES], opset: 17, learnedOpset: 1, weights: places },
        nodes: [
          { op: 'ArrayFeatureExtractor', domain: ML, inputs: ['x', 'p'], output: 'a' },
          {
            ...{ op: 'FeatureVectorizer', domain: ML, inputs: ['x', 'a'], output: 'y' },
            attributes: { inputdimensions: [2, 3] },
          },
        ],
      },
      ROWS,
      1e-5,
    );
  });

  it('have to exist', async () => {
    const weights = { p: { shape: [1], data: [FEATURES], int: true } };
    const nodes = [{ op: 'ArrayFeatureExtractor', domain: ML, inputs: ['x', 'p'], output: 'y' }];
    const path = writeModel(buildOnnx({ input: ['N', FEATURES], learnedOpset: 1, weights, nodes }));
    await expect(importOnnx(path)).rejects.toMatchObject({ code: 'QP2110' });
  });
});

describe('the name of the class that an ArgMax chooses', () => {
  const named = (data: readonly number[]): ModelSpec => ({
    ...{ input: ['N', FEATURES], opset: 17, learnedOpset: 1 },
    weights: { c: { shape: [data.length], data, int: true }, s: { shape: [1], data: [-1], int: true } },
    outputs: [{ name: 'y', type: 7 }],
    nodes: [
      { op: 'ArgMax', inputs: ['x'], output: 'i', attributes: { axis: 1 } },
      { op: 'ArrayFeatureExtractor', domain: ML, inputs: ['c', 'i'], output: 'l' },
      { op: 'Reshape', inputs: ['l', 's'], output: 'r' },
      { op: 'Cast', inputs: ['r'], output: 'y', attributes: { to: 7 } },
    ],
  });

  it('is what the file gives', async () => {
    const model = named([40, 30, 20, 10]);
    await expectSameLabels(model, ROWS);
    expect((await importOnnx(writeModel(buildOnnx(model)))).outputs[0]!.classes).toEqual([
      '40',
      '30',
      '20',
      '10',
    ]);
  });

  it.each([
    ['are too few', [4, 3]],
    ['repeat', [4, 4, 3, 2]],
  ])('is refused where the names %s', async (_, data) => {
    await expect(importOnnx(writeModel(buildOnnx(named(data))))).rejects.toMatchObject({ code: 'QP2118' });
  });
});

describe('Normalizer', () => {
  it('keeps the order of probabilities', async () => {
    const scores = { coefficients: coefficients(3 * FEATURES), intercepts: floats(0.25, 0, -0.5), ...NAMES };
    const { nodes, ...model } = classifier(
      'LinearClassifier',
      { ...scores, post_transform: 'LOGISTIC' },
      'scores',
    );
    const normalizer = {
      op: 'Normalizer',
      domain: ML,
      inputs: ['scores'],
      output: 'n',
      attributes: { norm: 'L1' },
    };
    await expectSameLabels(
      {
        ...{ ...model, opset: 17, outputs: [{ name: 'y', type: 7 }] },
        nodes: [...nodes, normalizer, { op: 'ArgMax', inputs: ['n'], output: 'y', attributes: { axis: 1 } }],
      },
      ROWS,
    );
  });
});
