import { describe, expect, it } from 'vitest';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { buildOnnx, type GraphSpec, type ModelSpec, type NodeSpec, writeModel } from './build-onnx.ts';
import { noise, runModel } from './compare.ts';

const relu: GraphSpec = { nodes: [{ op: 'Relu', inputs: ['x'], output: 'r' }], outputs: ['r'] };
const plain: GraphSpec = { nodes: [{ op: 'Identity', inputs: ['x'], output: 'i' }], outputs: ['i'] };
const lstm: GraphSpec = { nodes: [{ op: 'LSTM', inputs: ['x'], output: 'l', name: 'rnn' }], outputs: ['l'] };
const choose = (condition: string, then: GraphSpec, otherwise: GraphSpec, output = 'y'): NodeSpec => ({
  op: 'If',
  name: 'choice',
  inputs: [condition],
  output,
  attributes: { then_branch: { graph: then }, else_branch: { graph: otherwise } },
});
const truth = (isTrue: boolean): NodeSpec => ({
  op: 'Greater',
  inputs: [isTrue ? 'one' : 'zero', 'zero'],
  output: 'c',
});
const weights = { one: { shape: [], data: [1] }, zero: { shape: [], data: [0] } };
const model = (...nodes: NodeSpec[]): ModelSpec => ({ input: ['n', 4], weights, nodes });
const importModel = (spec: ModelSpec) => importOnnx(writeModel(buildOnnx(spec)));

describe('If', () => {
  it('takes the branch of a constant condition, which may be written with operators that cannot be proved', async () => {
    const row = noise(4);
    const taken = await importModel(model(truth(true), choose('c', relu, lstm)));
    expect(runModel(taken, row)).toEqual(row.map((value) => Math.max(value, 0)));
    const other = await importModel(model(truth(false), choose('c', lstm, plain)));
    expect(runModel(other, row)).toEqual(row);
  });

  it('may be nested, and reads the names around it', async () => {
    const inner: GraphSpec = {
      nodes: [
        choose(
          'c',
          { nodes: [{ op: 'Add', inputs: ['h', 'x'], output: 'deep' }], outputs: ['deep'] },
          lstm,
          'z',
        ),
      ],
      outputs: ['z'],
    };
    const twice: NodeSpec = { op: 'Add', inputs: ['x', 'x'], output: 'h' };
    const graph = await importModel(model(truth(true), twice, choose('c', inner, lstm)));
    const row = noise(4);
    expect(runModel(graph, row)).toEqual(row.map((value) => 3 * value));
  });

  it('is refused by what the branch that is taken contains', async () => {
    await expect(importModel(model(truth(true), choose('c', lstm, relu)))).rejects.toThrow(
      /^QP2101 LSTM, a recurrent layer, cannot be proved \(node "rnn"/,
    );
  });

  it('is refused on a condition that depends on data', async () => {
    const cast: NodeSpec = { op: 'ReduceSum', inputs: ['x'], output: 'c' };
    await expect(importModel(model(cast, choose('c', relu, plain)))).rejects.toThrow(
      /^QP2102 If on a condition that depends on data cannot be proved \(node "choice"/,
    );
  });

  it('is refused when nested too deep', async () => {
    let inner = relu;
    for (let k = 0; k < 20; k += 1)
      inner = { nodes: [choose('c', inner, plain, `o${k}`)], outputs: [`o${k}`] };
    await expect(importModel(model(truth(true), choose('c', inner, plain)))).rejects.toThrow(
      /^QP2112 sub-graphs are nested more than 16 deep/,
    );
  });
});

describe('computed constants', () => {
  it.each<[string, NodeSpec, RegExp]>([
    ['a root of a negative number', { op: 'Sqrt', inputs: ['minus'], output: 'k' }, /^QP2109 Sqrt of -1/],
    ['a reciprocal of 0', { op: 'Reciprocal', inputs: ['zero'], output: 'k' }, /^QP2109 Reciprocal of 0/],
    [
      'an endless range',
      { op: 'Range', inputs: ['zero', 'one', 'zero'], output: 'k' },
      /^QP2110 a range from 0 to 1/,
    ],
    [
      'random numbers',
      { op: 'RandomNormalLike', inputs: ['one'], output: 'k' },
      /^QP2101 RandomNormalLike, random numbers/,
    ],
  ])('%s is refused', async (_, node, message) => {
    const spec = model(node, { op: 'Add', inputs: ['x', 'k'], output: 'y' });
    await expect(
      importModel({ ...spec, weights: { ...weights, minus: { shape: [], data: [-1] } } }),
    ).rejects.toThrow(message);
  });

  it('are rounded to float32, and of operators that run on activations too', async () => {
    const spec = model(
      { op: 'Div', inputs: ['one', 'three'], output: 'third' },
      { op: 'Relu', inputs: ['third'], output: 'k' },
      { op: 'Add', inputs: ['x', 'k'], output: 'y' },
    );
    const three = { shape: [], data: [3] };
    const graph = await importModel({ ...spec, weights: { ...weights, three } });
    expect(runModel(graph, new Float64Array(4))).toEqual(new Float64Array(4).fill(Math.fround(1 / 3)));
  });

  it('of the error function', async () => {
    const spec = model(
      { op: 'Erf', inputs: ['one'], output: 'k' },
      { op: 'Add', inputs: ['x', 'k'], output: 'y' },
    );
    // Abramowitz and Stegun, table 7.1
    expect(runModel(await importModel(spec), new Float64Array(4))[0]).toBeCloseTo(0.8427007929, 7);
  });
});
