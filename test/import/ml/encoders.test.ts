import { describe, expect, it } from 'vitest';
import { openOnnxReference } from '../../../src/compile/reference/onnx-runtime.ts';
import { executeFloat, outputsOf } from '../../../src/graph/execute.ts';
import { simplifyGraph } from '../../../src/graph/simplify.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { rankedFeatures } from '../../../src/quantize/ranked-features.ts';
import {
  type AttributeSpec,
  buildOnnx,
  type ModelSpec,
  type NodeSpec,
  writeModel,
} from '../onnx/build-onnx.ts';
import { answersOf, neighbours, regressor } from './ensembles.ts';

const ML = 'ai.onnx.ml';
const TEXT = 8;
const node = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Record<string, AttributeSpec>,
): NodeSpec => ({
  ...{ op, domain: ML, inputs, output, attributes },
});

/** Numbers around those that encoders know. */
const NUMBERS = [-2, -1, 0, 1, 2, 3, 7].flatMap((value) => [value, value + 0.5, ...neighbours(value)]);
const ROWS = NUMBERS.map((value, i) => Float64Array.of(value, NUMBERS[(i * 5 + 3) % NUMBERS.length]!));

const LEAF = { leaf: { 0: 1 } };

/** The default of a LabelEncoder is −0. */
const plain = (numbers: Float64Array) => numbers.map((number) => number + 0);

const ofNumbers = (...nodes: NodeSpec[]): ModelSpec => ({
  input: ['N', 2],
  opset: 17,
  learnedOpset: 2,
  nodes,
});

describe('encoders of numbers, exactly as in ONNX Runtime', () => {
  it.each([
    ['Binarizer', node('Binarizer', ['x'], 'y', { threshold: { float: 1 } })],
    ['Binarizer below 0', node('Binarizer', ['x'], 'y', { threshold: { float: -1.5 } })],
    ['OneHotEncoder', node('OneHotEncoder', ['x'], 'y', { cats_int64s: [2, -1, 0, 7], zeros: 1 })],
    [
      'LabelEncoder',
      node('LabelEncoder', ['x'], 'y', {
        ...{ keys_floats: { floats: [2, -1, 0.5] }, values_floats: { floats: [10, -3.5, 0] } },
        default_float: { float: 0.25 },
      }),
    ],
    [
      'LabelEncoder of both zeros, of which the first counts',
      node('LabelEncoder', ['x'], 'y', {
        ...{ keys_floats: { floats: [-0, 0, 1] }, values_floats: { floats: [10, -3.5, 2] } },
      }),
    ],
    [
      'OneHotEncoder with a category that no float32 is',
      node('OneHotEncoder', ['x'], 'y', { cats_int64s: [2, 2 ** 24 + 1], zeros: 1 }),
    ],
  ])('%s', async (_, one) => {
    const { ours, theirs } = await answersOf(ofNumbers(one), ROWS);
    expect(ours.map(plain)).toEqual(theirs.map(plain));
  });

  it.each([
    [3, 0],
    [4, 10],
  ])('NaN as a key of a LabelEncoder of version %i', async (learnedOpset, expected) => {
    const values = { keys_floats: { floats: [Number.NaN, 1] }, values_floats: { floats: [10, 20] } };
    const model = { ...ofNumbers(node('LabelEncoder', ['x'], 'y', values)), learnedOpset };
    const { ours, theirs } = await answersOf(model, [Float64Array.of(Number.NaN, 1)]);
    expect(ours.map(plain)).toEqual(theirs.map(plain));
    expect(ours[0]![0]).toBe(expected);
  });

  it.each([
    ['OneHotEncoder', node('OneHotEncoder', ['x'], 'y', { cats_int64s: [1, 2 ** 24], zeros: 1 })],
    [
      'LabelEncoder',
      node('LabelEncoder', ['x'], 'y', { keys_int64s: [2 ** 24 + 1], values_floats: { floats: [1] } }),
    ],
  ])('%s refuses integer keys that float32 does not tell apart', async (_, one) => {
    const model = { ...ofNumbers(one), inputType: 7 };
    await expect(importOnnx(writeModel(buildOnnx(model)))).rejects.toMatchObject({ code: 'QP2102' });
  });

  it.each([
    ['Binarizer', { threshold: { float: 1 } }],
    ['OneHotEncoder', { cats_int64s: [1], zeros: 1 }],
  ])(
    '%s has no answer for a missing value, so that features that it reads may not be missing',
    async (op, own) => {
      const tree = regressor(
        [{ mode: 'LEQ', feature: 0, threshold: 1, missing: true, whenTrue: LEAF, whenFalse: LEAF }],
        2,
      ).nodes[0]!;
      const nodes = [
        node(op, ['x'], 'b', own),
        { op: 'Flatten', inputs: ['b'], output: 'f' },
        { ...tree, output: 't' },
        { op: 'Concat', inputs: ['f', 't'], output: 'y', attributes: { axis: 1 } },
      ];
      const graph = simplifyGraph(
        await importOnnx(writeModel(buildOnnx({ ...ofNumbers(...nodes), learnedOpset: 3 }))),
      );
      expect(rankedFeatures(graph, {})[0]).toEqual({ kind: 'rank32', nan: 'refused' });
    },
  );

  it('refuses numbers that are no category, which nothing here can', async () => {
    const model = ofNumbers(node('OneHotEncoder', ['x'], 'y', { cats_int64s: [1, 2], zeros: 0 }));
    await expect(importOnnx(writeModel(buildOnnx(model)))).rejects.toMatchObject({ code: 'QP2102' });
  });
});

describe('texts', () => {
  const ofTexts = (...nodes: NodeSpec[]): ModelSpec => ({
    ...{ input: ['N', 2], inputType: TEXT, opset: 17, learnedOpset: 2, nodes },
  });
  const cats = { cats_strings: { strings: ['car', 'radio, tv', ''] } };
  const keys = { keys_strings: { strings: ['tv', 'car'] }, values_floats: { floats: [2, -3] } };

  async function compare(model: ModelSpec, rows: readonly (readonly number[])[]): Promise<void> {
    const path = writeModel(buildOnnx(model));
    const graph = await importOnnx(path);
    const reference = await openOnnxReference(path, undefined, graph.categories);
    for (const row of rows) {
      const values = Float64Array.from(row);
      const ours = outputsOf(graph, executeFloat(graph, values));
      expect(plain(ours)).toEqual(plain(await reference.run(values)));
    }
    await reference.close();
  }

  it('are categories, in the order in which encoders name them', async () => {
    const [first, second] = [node('OneHotEncoder', ['x'], 'a', cats), node('LabelEncoder', ['x'], 'b', keys)];
    const flat = { op: 'Flatten', inputs: ['a'], output: 'f' };
    const model = ofTexts(first, second, flat, {
      op: 'Concat',
      inputs: ['f', 'b'],
      output: 'y',
      attributes: { axis: 1 },
    });
    const { categories } = await importOnnx(writeModel(buildOnnx(model)));
    const both = { values: ['car', 'radio, tv', '', 'tv'], unknown: 'coded' };
    expect(categories).toEqual([both, both]);
    await compare(model, [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 0],
    ]);
  });

  it('may be rearranged before an encoder', async () => {
    const shape = { op: 'Reshape', inputs: ['x', 'shape'], output: 'r' };
    const places = {
      shape: { shape: [2], data: [1, 2], int: true },
      one: { shape: [1], data: [1], int: true },
    };
    const choice = node('ArrayFeatureExtractor', ['r', 'one'], 'c', {});
    await compare({ ...ofTexts(shape, choice, node('OneHotEncoder', ['c'], 'y', cats)), weights: places }, [
      [0, 1],
      [3, 3],
    ]);
  });

  it('that an encoder does not know are refused if it refuses them', async () => {
    const model = ofTexts(node('OneHotEncoder', ['x'], 'y', { ...cats, zeros: 0 }));
    const { categories } = await importOnnx(writeModel(buildOnnx(model)));
    expect(categories![0]).toEqual({ values: ['car', 'radio, tv', ''], unknown: 'refused' });
    await compare(model, [
      [0, 1],
      [2, 2],
    ]);
  });

  it.each([
    [
      'computed with',
      [{ op: 'Add', inputs: ['x', 'x'], output: 'y' }],
      /^QP2155 Add of texts cannot be proved/,
    ],
    ['compared', [{ op: 'Equal', inputs: ['x', 'x'], output: 'y' }], /^QP2155 Equal of texts/],
    ['answered', [{ op: 'Identity', inputs: ['x'], output: 'y' }], /^QP2155/],
    ['numbers to their encoder', [node('OneHotEncoder', ['x'], 'y', { cats_int64s: [1, 2] })], /^QP2102/],
    ['without categories', [node('OneHotEncoder', ['x'], 'y', {})], /^QP2157/],
    [
      'constant',
      [node('OneHotEncoder', ['x'], 'y', { cats_strings: { strings: ['a'] }, zeros: 0 })],
      /^QP2157 .*knows only "a"/,
    ],
  ])('are refused where they are %s', async (_, nodes, message) => {
    await expect(importOnnx(writeModel(buildOnnx(ofTexts(...nodes))))).rejects.toThrow(message);
  });
});

it('A LabelEncoder names the classes that an ArgMax chooses', async () => {
  const names = { keys_int64s: [1, 0, 2], values_strings: { strings: ['one', 'none', 'two'] } };
  const nodes = [
    { op: 'ArgMax', inputs: ['x'], output: 'i', attributes: { axis: 1 } },
    node('LabelEncoder', ['i'], 'y', names),
  ];
  const model = { input: ['N', 3], opset: 17, learnedOpset: 2, outputType: TEXT, nodes };
  expect((await importOnnx(writeModel(buildOnnx(model)))).outputs[0]!.classes).toEqual([
    'none',
    'one',
    'two',
  ]);
});
