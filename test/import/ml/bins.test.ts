import { describe, expect, it } from 'vitest';
import { simplifyGraph } from '../../../src/graph/simplify.ts';
import { rankedFeatures } from '../../../src/quantize/ranked-features.ts';
import type { ModelSpec, NodeSpec } from '../onnx/build-onnx.ts';
import { largestError, noise, runModel } from '../onnx/compare.ts';
import { answersOf } from './ensembles.ts';

const ML = 'ai.onnx.ml';
/** Decimals that are no float32 numbers, on both sides of the float32 nearest to them. */
const LIMITS = [-0.7, 0.1, 1.35];
const ROWS = [
  ...LIMITS.flatMap((limit) => {
    const float = Math.fround(limit);
    return [limit, float, float * (1 + 2 ** -23), float * (1 - 2 ** -23)];
  }),
  ...Array.from({ length: 20 }, (_, k) => 3 * noise(1, k + 1)[0]!),
  ...[0, -0, 1e30, -1e30],
].map((value) => Float64Array.of(value));

const node = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: NodeSpec['attributes'] = {},
) => ({
  ...{ op, inputs, output, attributes },
});
const learned = (
  op: string,
  input: string,
  output: string,
  attributes: NodeSpec['attributes'],
): NodeSpec => ({
  ...node(op, [input], output, attributes),
  domain: ML,
});

/** As skl2onnx exports a KBinsDiscretizer: the first limit that a value is below, and after all of them a constant. */
const BIN = [
  node('Less', ['x', 'limits'], 'below'),
  node('Cast', ['below'], 'flags', { to: 1 }),
  node('Mul', ['x', 'zero'], 'nothing'),
  node('Add', ['nothing', 'one'], 'last'),
  node('Concat', ['flags', 'last'], 'all', { axis: 1 }),
  node('ArgMax', ['all'], 'bin', { axis: 1 }),
];
const weights = {
  limits: { shape: [3], data: LIMITS },
  zero: { shape: [1], data: [0] },
  one: { shape: [1], data: [1] },
};
const model = (...nodes: readonly NodeSpec[]): ModelSpec => ({
  ...{ input: ['N', 1], opset: 17, learnedOpset: 1, nodes: [...BIN, ...nodes], weights },
});
const regressor = (input: string, coefficients: number[]) =>
  learned('LinearRegressor', input, 'y', {
    coefficients: { floats: coefficients },
    intercepts: { floats: [0.5] },
  });

const FORMS: Readonly<Record<string, ModelSpec>> = {
  'one-hot': model(
    learned('OneHotEncoder', 'bin', 'hot', { cats_int64s: [0, 1, 2, 3] }),
    node('Flatten', ['hot'], 'flat'),
    regressor('flat', [3, -1, 4, 1.5]),
  ),
  ordinal: model(node('Cast', ['bin'], 'place', { to: 1 }), regressor('place', [2.5])),
};

describe('bins of a value', () => {
  it.each(Object.entries(FORMS))(
    '%s: each float32 is in the bin that ONNX Runtime puts it in',
    async (_, spec) => {
      const { graph, theirs } = await answersOf(spec, ROWS);
      for (const [k, row] of ROWS.entries())
        expect(largestError(runModel(graph, row), theirs[k]!), String(row)).toBeLessThan(1e-6);
    },
  );

  it.each(Object.entries(FORMS))('%s: the feature is not rounded', async (_, spec) => {
    const { graph } = await answersOf(spec, ROWS.slice(0, 1));
    expect(rankedFeatures(simplifyGraph(graph), {})).toEqual([{ kind: 'rank32', nan: 'refused' }]);
  });
});

describe('comparisons of inputs with constants', () => {
  it.each(['Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual', 'Equal'])(
    '%s, from either side',
    async (op) => {
      for (const inputs of [
        ['w', 'limits'],
        ['limits', 'w'],
      ]) {
        const nodes = [
          learned('Scaler', 'x', 'w', { offset: { floats: [0.3] }, scale: { floats: [-1.7] } }),
          node(op, inputs, 'is'),
          node('Cast', ['is'], 'flags', { to: 1 }),
          regressor('flags', [1, 2, 4]),
        ];
        const rows = [...ROWS, ...LIMITS.map((limit) => Float64Array.of(Math.fround(limit) / -1.7 + 0.3))];
        const { graph, theirs } = await answersOf({ ...model(), nodes }, rows);
        for (const [k, row] of rows.entries())
          expect(largestError(runModel(graph, row), theirs[k]!), `${op} ${row}`).toBeLessThan(1e-6);
        expect(simplifyGraph(graph).nodes.map(({ op: own }) => own)).not.toContain('compare');
      }
    },
  );
});

describe('a label that other nodes read', () => {
  it('is the number of the first of the largest scores', async () => {
    const nodes = [
      node('ArgMax', ['x'], 'i', { axis: 1, keepdims: 1 }),
      node('Cast', ['i'], 'f', { to: 1 }),
      node('Mul', ['f', 'x'], 'y'),
    ];
    const rows = [...Array.from({ length: 30 }, (_, k) => noise(4, k + 1)), Float64Array.of(1, 2, 2, 0)];
    const { graph, theirs } = await answersOf({ input: ['N', 4], opset: 17, nodes }, rows);
    for (const [k, row] of rows.entries())
      expect(largestError(runModel(graph, row), theirs[k]!)).toBeLessThan(1e-6);
  });

  it('is refused where it is a text', async () => {
    const attributes = {
      coefficients: { floats: [1, -1] },
      intercepts: { floats: [0, 0] },
      classlabels_strings: { strings: ['a', 'b'] },
    };
    const nodes = [
      { ...learned('LinearClassifier', 'x', 'label', attributes), further: ['scores'] },
      node('Concat', ['label', 'label'], 'y', { axis: 0 }),
    ];
    const spec = { input: ['N', 1], opset: 17, learnedOpset: 1, outputType: 8, nodes };
    await expect(answersOf(spec, ROWS.slice(0, 1))).rejects.toMatchObject({ code: 'QP2101' });
  });
});
