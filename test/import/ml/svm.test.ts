import { describe, expect, it } from 'vitest';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { type AttributeSpec, buildOnnx, type ModelSpec, writeModel } from '../onnx/build-onnx.ts';
import { largestError, noise, runModel } from '../onnx/compare.ts';
import { answersOf, largestIndex } from './ensembles.ts';

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
    rho: { floats: [...noise(pairs, seed + 1)] },
  };
}

function classifier(attributes: Attributes, output: 'label' | 'scores'): ModelSpec {
  const type = 'classlabels_strings' in attributes ? 8 : 7;
  const outputs = [output === 'label' ? { name: 'label', type } : { name: 'scores', type: 1 }];
  const node = { op: 'SVMClassifier', domain: ML, inputs: ['x'], output: 'label', further: ['scores'], attributes };
  return { input: ['N', FEATURES], opset: 0, learnedOpset: 1, outputs, nodes: [node] };
}

function regressor(attributes: Attributes): ModelSpec {
  const nodes = [{ op: 'SVMRegressor', domain: ML, inputs: ['x'], output: 'y', attributes }];
  return { input: ['N', FEATURES], opset: 0, learnedOpset: 1, nodes };
}

async function expectSameLabels(attributes: Attributes): Promise<void> {
  const { graph, ours, theirs } = await answersOf(classifier(attributes, 'label'), ROWS);
  expect(graph.outputs[0]!.head).toBe('argmax');
  expect(new Set(theirs.map(([label]) => label)).size).toBeGreaterThan(1);
  expect(ours.map(largestIndex)).toEqual(theirs.map(([label]) => label));
}

async function expectSameValues(model: ModelSpec): Promise<void> {
  const { graph, theirs } = await answersOf(model, ROWS);
  for (const [i, row] of ROWS.entries())
    expect(largestError(runModel(graph, row), theirs[i]!)).toBeLessThan(1e-4);
}

const FOUR = { classlabels_ints: [4, 2, 9, 7] };
const TWO = { classlabels_ints: [7, 3] };

describe.each(Object.entries(KERNELS))('a support vector machine with a kernel %s', (_, kernel) => {
  it('has the labels of ONNX Runtime', async () => {
    for (const seed of [3, 5, 11]) {
      await expectSameLabels({ ...machine([3, 1, 4, 1], kernel, seed), ...FOUR });
      await expectSameLabels({ ...machine([4, 5], kernel, seed), ...TWO });
    }
  });

  it('has its scores', async () => {
    await expectSameValues(classifier({ ...machine([3, 1, 4, 1], kernel, 3), ...FOUR }, 'scores'));
    await expectSameValues(classifier({ ...machine([4, 5], kernel, 3), ...TWO }, 'scores'));
  });

  it('has its values', async () => {
    const { vectors_per_class: __, ...parts } = machine([4, 5], kernel, 3);
    for (const one_class of [0, 1]) await expectSameValues(regressor({ ...parts, n_supports: 9, one_class }));
  });
});
