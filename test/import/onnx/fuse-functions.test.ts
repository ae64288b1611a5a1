import { describe, expect, it } from 'vitest';
import { pseudoRandom } from '../../../src/data/pseudo-random.ts';
import type { Tabulated } from '../../../src/graph/functions/tabulated.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { buildOnnx, type NodeSpec, writeModel } from './build-onnx.ts';
import { largestError, runModel, runReference } from './compare.ts';

const random = pseudoRandom(4);
const weights = {
  w: { shape: [3, 4], data: Array.from({ length: 12 }, () => 4 * random() - 2) },
  half: { shape: [], data: [0.5] },
  one: { shape: [], data: [1] },
  three: { shape: [1], data: [3] },
  zero: { shape: [], data: [0] },
  six: { shape: [], data: [6] },
  root: { shape: [], data: [Math.SQRT2] },
  inverse: { shape: [], data: [0.70710677] },
  cubic: { shape: [], data: [0.044715] },
  outer: { shape: [], data: [0.7978846] },
  slope: { shape: [], data: [1.702] },
};

const step = (
  op: string,
  inputs: string[],
  output: string,
  attributes?: NodeSpec['attributes'],
): NodeSpec => ({
  ...{ op, inputs, output },
  ...(attributes && { attributes }),
});
const dense = step('MatMul', ['x', 'w'], 'm');

/** Functions of m as exporters write them, and what they are. */
const FORMS: Record<string, [NodeSpec[], Tabulated]> = {
  'GELU as PyTorch writes it': [
    [
      step('Div', ['m', 'root'], 'a'),
      step('Erf', ['a'], 'b'),
      step('Add', ['b', 'one'], 'c'),
      step('Mul', ['m', 'c'], 'd'),
      step('Mul', ['d', 'half'], 'y'),
    ],
    { name: 'gelu' },
  ],
  'GELU as Keras writes it': [
    [
      step('Mul', ['m', 'half'], 'd'),
      step('Mul', ['inverse', 'm'], 'a'),
      step('Erf', ['a'], 'b'),
      step('Add', ['one', 'b'], 'c'),
      step('Mul', ['c', 'd'], 'y'),
    ],
    { name: 'gelu' },
  ],
  'GELU by tanh': [
    [
      step('Pow', ['m', 'three'], 'a'),
      step('Mul', ['cubic', 'a'], 'b'),
      step('Add', ['m', 'b'], 'c'),
      step('Mul', ['c', 'outer'], 'd'),
      step('Tanh', ['d'], 'e'),
      step('Add', ['e', 'one'], 'f'),
      step('Mul', ['m', 'half'], 'g'),
      step('Mul', ['g', 'f'], 'y'),
    ],
    { name: 'gelu-tanh' },
  ],
  SiLU: [[step('Sigmoid', ['m'], 'a'), step('Mul', ['a', 'm'], 'y')], { name: 'swish', alpha: 1 }],
  'quick GELU': [
    [step('Mul', ['m', 'slope'], 'a'), step('Sigmoid', ['a'], 'b'), step('Mul', ['m', 'b'], 'y')],
    { name: 'swish', alpha: Math.fround(1.702) },
  ],
  Mish: [
    [step('Softplus', ['m'], 'a'), step('Tanh', ['a'], 'b'), step('Mul', ['m', 'b'], 'y')],
    { name: 'mish' },
  ],
  'HardSwish by HardSigmoid': [
    [step('HardSigmoid', ['m'], 'a', { alpha: { float: 1 / 6 } }), step('Mul', ['m', 'a'], 'y')],
    { name: 'hard-swish' },
  ],
  'HardSwish by Clip': [
    [
      step('Add', ['m', 'three'], 'a'),
      step('Clip', ['a', 'zero', 'six'], 'b'),
      step('Mul', ['m', 'b'], 'c'),
      step('Div', ['c', 'six'], 'y'),
    ],
    { name: 'hard-swish' },
  ],
};

describe('a function that is spelled out', () => {
  it.each(Object.entries(FORMS))('%s is one activation', async (_, [nodes, of]) => {
    const path = writeModel(buildOnnx({ input: [1, 3], nodes: [dense, ...nodes], weights, output: 'y' }));
    const graph = await importOnnx(path);
    expect(graph.nodes.map((node) => (node.op === 'activation' ? node.fn : node.op))).toEqual([
      'linear',
      { kind: 'tabulated', of },
    ]);
    for (const scale of [0.3, 2, 10]) {
      const row = Float64Array.from({ length: 3 }, () => scale * (2 * random() - 1));
      expect(largestError(runModel(graph, row), await runReference(path, row))).toBeLessThan(2e-6);
    }
  });

  it.each<[string, NodeSpec[]]>([
    [
      'another operand',
      [step('Sigmoid', ['m'], 'a'), step('Relu', ['m'], 'n'), step('Mul', ['n', 'a'], 'y')],
    ],
    [
      'another constant',
      [
        step('Div', ['m', 'root'], 'a'),
        step('Erf', ['a'], 'b'),
        step('Add', ['b', 'half'], 'c'),
        step('Mul', ['m', 'c'], 'd'),
        step('Mul', ['d', 'half'], 'y'),
      ],
    ],
  ])('is left as it is with %s', async (_, nodes) => {
    const path = writeModel(buildOnnx({ input: [1, 3], nodes: [dense, ...nodes], weights, output: 'y' }));
    const graph = await importOnnx(path);
    expect(graph.nodes.map(({ op }) => op)).toContain('product');
    const row = Float64Array.of(0.4, -1.2, 0.7);
    expect(largestError(runModel(graph, row), await runReference(path, row))).toBeLessThan(2e-6);
  });

  it('the sigmoid of −x, as 1 / (1 + eˣ), whose exponential may be beyond all floats', async () => {
    const nodes = [
      step('Exp', ['m'], 'a'),
      step('Add', ['one', 'a'], 'b'),
      step('Div', ['one', 'b'], 'c'),
      step('Mul', ['c', 'half'], 'y'),
    ];
    const path = writeModel(buildOnnx({ input: [1, 3], nodes: [dense, ...nodes], weights, output: 'y' }));
    const graph = await importOnnx(path);
    const functions = graph.nodes.flatMap((node) => (node.op === 'activation' ? [node.fn] : []));
    expect(functions).toEqual([{ kind: 'tabulated', of: { name: 'sigmoid' } }]);
    expect(graph.nodes.map(({ op }) => op)).not.toContain('divide');
    for (const scale of [0.3, 10, 1000]) {
      const row = Float64Array.from({ length: 3 }, () => scale * (2 * random() - 1));
      expect(largestError(runModel(graph, row), await runReference(path, row))).toBeLessThan(2e-6);
    }
  });
});
