import { describe, expect, it } from 'vitest';
import { applyHead } from '../../../src/compile/reference/answers.ts';
import { executeFloat, outputsOf } from '../../../src/graph/execute.ts';
import type { FloatGraph } from '../../../src/graph/float-graph.ts';
import { simplifyGraph } from '../../../src/graph/simplify.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { buildOnnx, type ModelSpec, writeModel } from './build-onnx.ts';
import { noise, runReference } from './compare.ts';

const [UINT8, INT32, INT64, BOOL] = [2, 6, 7, 9];
const tensor = (shape: number[], seed: number) => ({
  shape,
  data: noise(
    shape.reduce((a, b) => a * b, 1),
    seed,
  ),
});

/** The outputs of the whole model, one after the other. */
function run(graph: FloatGraph, row: Float64Array, expected: Float64Array): number[] {
  const logits = outputsOf(graph, executeFloat(graph, row));
  let first = 0;
  return graph.outputs.flatMap(({ head, values }) => {
    const range = [first, first + values.length] as const;
    first += values.length;
    const own = logits.subarray(...range);
    return Array.from(applyHead(head, own, expected.subarray(...range)));
  });
}

async function compare(spec: ModelSpec, rows: readonly Float64Array[]): Promise<FloatGraph> {
  const path = writeModel(buildOnnx(spec));
  const graph = simplifyGraph(await importOnnx(path));
  for (const row of rows) {
    const expected = await runReference(path, row);
    const found = run(graph, row, expected);
    expect(found.length).toBe(expected.length);
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i]!, 4);
  }
  return graph;
}

describe('several inputs', () => {
  it('are the parts of a row, in the order of the file', async () => {
    const graph = await compare(
      {
        input: ['n', 3],
        inputs: { b: { shape: ['n', 2, 2] }, c: { shape: ['n', 1] } },
        weights: { w: tensor([7, 2], 1) },
        nodes: [
          { op: 'Flatten', inputs: ['b'], output: 'f' },
          { op: 'Mul', inputs: ['x', 'half'], output: 'h' },
          { op: 'Concat', inputs: ['h', 'f'], output: 'all', attributes: { axis: 1 } },
          { op: 'MatMul', inputs: ['all', 'w'], output: 'm' },
          { op: 'Add', inputs: ['m', 'c'], output: 'y' },
          { op: 'Constant', inputs: [], output: 'half', attributes: { value_float: { float: 0.5 } } },
        ].toSorted((a, b) => Number(b.op === 'Constant') - Number(a.op === 'Constant')),
      },
      [noise(8, 3), noise(8, 4)],
    );
    expect(graph.input).toMatchObject({ name: 'inputs', shape: [8], count: 8 });
    expect(graph.input.parts.map(({ name, shape }) => [name, shape])).toEqual([
      ['x', [3]],
      ['b', [2, 2]],
      ['c', [1]],
    ]);
  });

  it('may be integers that are cast to floats', async () => {
    const graph = await compare(
      {
        input: ['n', 2],
        inputType: INT64,
        inputs: { b: { shape: ['n', 1], type: UINT8 }, c: { shape: ['n', 1], type: BOOL } },
        weights: { w: tensor([4, 2], 1) },
        nodes: [
          { op: 'Cast', inputs: ['x'], output: 'x32', attributes: { to: INT32 } },
          { op: 'Cast', inputs: ['x32'], output: 'xf', attributes: { to: 1 } },
          { op: 'Cast', inputs: ['b'], output: 'bf', attributes: { to: 1 } },
          { op: 'Cast', inputs: ['c'], output: 'cf', attributes: { to: 1 } },
          { op: 'Concat', inputs: ['xf', 'bf', 'cf'], output: 'all', attributes: { axis: 1 } },
          { op: 'MatMul', inputs: ['all', 'w'], output: 'y' },
        ],
      },
      [Float64Array.of(-3, 70, 255, 1), Float64Array.of(5, 0, 0, 0)],
    );
    expect(graph.input.parts.map(({ values }) => values)).toEqual([
      { kind: 'integer', min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
      { kind: 'integer', min: 0, max: 255 },
      { kind: 'integer', min: 0, max: 1 },
    ]);
  });

  it('of integers are refused where the model computes with them', async () => {
    const spec = {
      input: ['n', 2],
      inputType: INT64,
      nodes: [{ op: 'Add', inputs: ['x', 'x'], output: 'y' }],
    } as const;
    await expect(importOnnx(writeModel(buildOnnx(spec)))).rejects.toThrow(
      /^QP2136 Add computes with integers/,
    );
  });
});

describe('several outputs', () => {
  const spec: ModelSpec = {
    input: ['n', 3],
    weights: { w: tensor([3, 4], 1), v: tensor([3, 1], 2) },
    furtherOutputs: ['p', 'raw'],
    nodes: [
      { op: 'MatMul', inputs: ['x', 'w'], output: 'm' },
      { op: 'Softmax', inputs: ['m'], output: 'y', attributes: { axis: 1 } },
      { op: 'MatMul', inputs: ['x', 'v'], output: 'raw' },
      { op: 'Sigmoid', inputs: ['raw'], output: 'p' },
    ],
  };

  it('are those of the file, in its order', async () => {
    const graph = await compare(spec, [noise(3, 3)]);
    expect(graph.outputs.map(({ name, head }) => [name, head])).toEqual([
      ['y', 'softmax'],
      ['p', 'sigmoid'],
      ['raw', 'none'],
    ]);
  });

  it('may be left out, with what only they need', async () => {
    const path = writeModel(
      buildOnnx({
        ...spec,
        furtherOutputs: ['p', 'raw', 'odd'],
        nodes: [...spec.nodes, { op: 'Unknown', inputs: ['x'], output: 'odd' }],
      }),
    );
    const graph = simplifyGraph(await importOnnx(path, { outputs: ['p', 'y'] }));
    expect(graph.outputs.map(({ name }) => name)).toEqual(['y', 'p']);
    await expect(importOnnx(path)).rejects.toThrow(/Unknown/);
  });
});

describe('a batch of a fixed size', () => {
  it('is one row with outputs for each of its rows', async () => {
    const graph = await compare(
      {
        input: [2, 1, 4, 4],
        weights: { k: tensor([2, 1, 3, 3], 1), w: tensor([2, 3], 2) },
        nodes: [
          { op: 'Conv', inputs: ['x', 'k'], output: 'c' },
          { op: 'Relu', inputs: ['c'], output: 'r' },
          { op: 'MaxPool', inputs: ['r'], output: 'p', attributes: { kernel_shape: [2, 2] } },
          { op: 'Flatten', inputs: ['p'], output: 'f' },
          { op: 'MatMul', inputs: ['f', 'w'], output: 'm' },
          { op: 'Softmax', inputs: ['m'], output: 'y', attributes: { axis: -1 } },
        ],
      },
      [noise(32, 3)],
    );
    expect(graph.input.shape).toEqual([2, 1, 4, 4]);
    expect(graph.outputs.map(({ name, tensor: own, values }) => [name, own, values.length])).toEqual([
      ['y[0]', 'y', 3],
      ['y[1]', 'y', 3],
    ]);
  });
});

describe('what has nothing to compute', () => {
  it.each<[string, (number | string)[], number[]]>([
    ['a scalar', [], []],
    ['one dimension of a fixed size', [3], [3]],
    ['only a batch', ['n'], []],
  ])('takes a row of %s', async (_, input, shape) => {
    const nodes = [{ op: 'Identity', inputs: ['x'], output: 'y' }];
    const graph = await compare({ input, nodes }, [noise(shape[0] ?? 1, 3)]);
    expect(graph.input.shape).toEqual(shape);
    expect(graph.nodes).toEqual([]);
  });

  it('may have an output of constants', async () => {
    const nodes = [
      { op: 'Identity', inputs: ['x'], output: 'y' },
      { op: 'Identity', inputs: ['c'], output: 'k' },
    ];
    await compare({ input: [1, 2], nodes, furtherOutputs: ['k'], weights: { c: tensor([3], 1) } }, [
      noise(2, 3),
    ]);
  });
});
