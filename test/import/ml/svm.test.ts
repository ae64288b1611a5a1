import { describe, expect, it } from 'vitest';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { type AttributeSpec, buildOnnx, type ModelSpec, writeModel } from '../onnx/build-onnx.ts';
import { noise } from '../onnx/compare.ts';
import { answersOf, largestIndex } from './ensembles.ts';
import { expectSameLabels, expectSameValues } from './expect-same.ts';

const ML = 'ai.onnx.ml';
const FEATURES = 3;
const floats = (...values: readonly number[]) => ({ floats: values });
type Attributes = Record<string, AttributeSpec>;

/** Random rows, support vectors themselves, and rows where scores are 0 or very small. */
const ROWS = [
  ...Array.from({ length: 40 }, (_, i) => noise(FEATURES, i + 1)),
  ...Array.from({ length: 5 }, (_, v) => noise(FEATURES * 9, 77).slice(v * FEATURES, (v + 1) * FEATURES)),
  new Float64Array(FEATURES),
  new Float64Array(FEATURES).fill(1),
  new Float64Array(FEATURES).fill(-40),
  Float64Array.of(100, -100, 3),
];

const KERNELS: Readonly<Record<string, Attributes>> = {
  linear: { kernel_type: 'LINEAR', kernel_params: floats(0.5, 1, 3) },
  'of degree 1': { kernel_type: 'POLY', kernel_params: floats(0.5, 0.25, 1) },
  'of degree 2': { kernel_type: 'POLY', kernel_params: floats(0.5, -0.75, 2) },
  'of degree 3': { kernel_type: 'POLY', kernel_params: floats(0.25, 1, 3) },
  'of degree 5': { kernel_type: 'POLY', kernel_params: floats(0.125, 0.5, 5) },
  'radial basis': { kernel_type: 'RBF', kernel_params: floats(0.25, 0, 3) },
  sigmoid: { kernel_type: 'SIGMOID', kernel_params: floats(0.25, -0.5, 3) },
};

/** A machine of random coefficients with so many vectors of each class. */
function machine(perClass: readonly number[], kernel: Attributes, seed: number): Attributes {
  const count = perClass.reduce((sum, own) => sum + own, 0);
  const pairs = (perClass.length * (perClass.length - 1)) / 2;
  return {
    ...kernel,
    vectors_per_class: perClass,
    support_vectors: { floats: [...noise(count * FEATURES, 77)] },
    coefficients: { floats: [...noise(count * (perClass.length - 1), seed)] },
    rho: { floats: [...noise(pairs, seed + 1)].map((own) => own / 8) },
  };
}

function classifier(attributes: Attributes, output: 'label' | 'scores'): ModelSpec {
  const type = 'classlabels_strings' in attributes ? 8 : 7;
  const outputs = [output === 'label' ? { name: 'label', type } : { name: 'scores', type: 1 }];
  const node = {
    op: 'SVMClassifier',
    domain: ML,
    inputs: ['x'],
    output: 'label',
    further: ['scores'],
    attributes,
  };
  return { input: ['N', FEATURES], opset: 0, learnedOpset: 1, outputs, nodes: [node] };
}

function regressor(attributes: Attributes): ModelSpec {
  const nodes = [{ op: 'SVMRegressor', domain: ML, inputs: ['x'], output: 'y', attributes }];
  return { input: ['N', FEATURES], opset: 0, learnedOpset: 1, nodes };
}

const FOUR = { classlabels_ints: [4, 2, 9, 7] };
const TWO = { classlabels_ints: [7, 3] };

describe.each(Object.entries(KERNELS))('a support vector machine with a kernel %s', (_, kernel) => {
  it('has the labels of ONNX Runtime, by votes', async () => {
    for (const seed of [3, 5])
      await expectSameLabels(classifier({ ...machine([3, 1, 4, 1], kernel, seed), ...FOUR }, 'label'), ROWS);
  });

  it('has them of two classes, with probabilities too', async () => {
    const two = { ...machine([4, 5], kernel, 3), rho: floats(0), ...TWO };
    await expectSameLabels(classifier(two, 'label'), ROWS);
    await expectSameLabels(classifier({ ...two, prob_a: floats(-1), prob_b: floats(0.5) }, 'label'), ROWS);
  });

  it('has its scores', async () => {
    await expectSameValues(
      classifier({ ...machine([3, 1, 4, 1], kernel, 3), ...FOUR }, 'scores'),
      ROWS,
      1e-4,
    );
    await expectSameValues(classifier({ ...machine([4, 5], kernel, 3), ...TWO }, 'scores'), ROWS, 1e-4);
  });

  it('has its values', async () => {
    const { vectors_per_class: __, ...parts } = machine([4, 5], kernel, 3);
    for (const one_class of [0, 1])
      await expectSameValues(regressor({ ...parts, n_supports: 9, one_class }), ROWS, 1e-4);
  });
});

describe('a score of exactly 0', () => {
  const opposite = {
    ...{ kernel_type: 'LINEAR', kernel_params: floats(1, 0, 3), vectors_per_class: [1, 1] },
    ...{ support_vectors: floats(1, 0, 0, -1, 0, 0), coefficients: floats(1, -1), rho: floats(0) },
  };

  it('is for the second of two classes', async () => {
    const { graph, ours, theirs } = await answersOf(classifier({ ...opposite, ...TWO }, 'label'), [
      Float64Array.of(0, 5, -3),
      Float64Array.of(2 ** -30, 0, 0),
      Float64Array.of(-1, 0, 0),
    ]);
    expect(theirs.map(([label]) => graph.outputs[0]!.classes![label!])).toEqual(['3', '7', '3']);
    expect(ours.map(largestIndex)).toEqual(theirs.map(([label]) => label));
  });

  it('is outside of a single class', async () => {
    const { vectors_per_class: _, ...parts } = opposite;
    const model = regressor({ ...parts, n_supports: 2, one_class: 1 });
    const { ours, theirs } = await answersOf(model, [new Float64Array(FEATURES)]);
    expect(theirs).toEqual([Float64Array.of(-1)]);
    expect(ours).toEqual(theirs);
  });
});

describe('a machine without support vectors', () => {
  const linear = (perClass: number, rho: number, sign = 1): Attributes => ({
    coefficients: {
      floats: [...noise(perClass * FEATURES, 4)].map((own) => (sign > 0 ? own : Math.abs(own))),
    },
    ...{ rho: floats(rho), kernel_params: floats(0, 0, 3) },
  });

  it('is linear', async () => {
    await expectSameLabels(classifier({ ...linear(4, 0.5), ...FOUR }, 'label'), ROWS);
    await expectSameValues(regressor({ ...linear(1, -0.5), n_supports: 0 }), ROWS, 1e-4);
  });

  it.each([
    [-0.25, 1],
    [-0.75, 1],
    [0, -1],
    [-0.25, -1],
  ])('decides between two classes as ONNX Runtime does, rho %d', async (rho, sign) => {
    await expectSameLabels(classifier({ ...linear(2, rho, sign), ...TWO }, 'label'), ROWS);
    await expectSameValues(classifier({ ...linear(2, rho, sign), ...TWO }, 'scores'), ROWS, 1e-4);
  });
});

describe('final functions', () => {
  it.each(['SOFTMAX', 'LOGISTIC'])(
    '%s is applied to pairs, and not to a single score',
    async (post_transform) => {
      const kernel = KERNELS['radial basis']!;
      await expectSameValues(
        classifier({ ...machine([3, 1, 4, 1], kernel, 3), ...FOUR, post_transform }, 'scores'),
        ROWS,
        1e-4,
      );
      await expectSameValues(
        classifier({ ...machine([4, 5], kernel, 3), ...TWO, post_transform }, 'scores'),
        ROWS,
        1e-4,
      );
    },
  );
});

describe('refusals', () => {
  const good = { ...machine([4, 5], KERNELS['radial basis']!, 3), ...TWO };

  it.each<[string, Attributes, string]>([
    ['vectors of broken length', { support_vectors: floats(1, 2, 3, 4) }, 'QP2185'],
    ['vectors of more features', { support_vectors: { floats: [...noise(9 * 4, 1)] } }, 'QP2110'],
    ['too few coefficients', { coefficients: floats(1, 2, 3) }, 'QP2185'],
    ['no rho', { rho: floats() }, 'QP2185'],
    ['classes without vectors', { vectors_per_class: [9] }, 'QP2185'],
    ['a negative number of vectors', { vectors_per_class: [10, -1] }, 'QP2185'],
    ['half a kernel', { kernel_params: floats(1) }, 'QP2185'],
    ['an unknown kernel', { kernel_type: 'CHI2' }, 'QP2102'],
    ['half of the probabilities', { prob_a: floats(1) }, 'QP2185'],
    ['one class', { classlabels_ints: [1] }, 'QP2115'],
    ['a vector that is no number', { support_vectors: { floats: new Array(27).fill(Number.NaN) } }, 'QP2109'],
  ])('%s', async (_, attributes, code) => {
    const path = writeModel(buildOnnx(classifier({ ...good, ...attributes }, 'label')));
    await expect(importOnnx(path)).rejects.toMatchObject({ code });
  });

  it('probabilities, which an iteration couples, by what they are', async () => {
    const model = classifier({ ...good, prob_a: floats(-1), prob_b: floats(0.5) }, 'scores');
    await expect(importOnnx(writeModel(buildOnnx(model)))).rejects.toMatchObject({
      code: 'QP2102',
      message: expect.stringContaining('probabilities that an iteration couples'),
    });
  });
});
