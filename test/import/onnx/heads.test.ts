import { describe, expect, it } from 'vitest';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { logitThreshold } from '../../../src/quantize/decision.ts';
import { buildOnnx, type NodeSpec, writeModel } from './build-onnx.ts';
import { runModel, runReference } from './compare.ts';

const model = (width: number, ...nodes: NodeSpec[]) => {
  const outputType = nodes.at(-1)?.op === 'ArgMax' ? INT64 : FLOAT;
  return writeModel(buildOnnx({ input: ['n', width], nodes, opset: 18, outputType }));
};
const node = (op: string, from: string, output: string, attributes?: NodeSpec['attributes']): NodeSpec => ({
  op,
  inputs: [from],
  output,
  ...(attributes && { attributes }),
});
const [FLOAT, INT64, BOOL] = [1, 7, 9];
const FLOAT16 = 10;

async function expectSameLabels(
  path: string,
  width: number,
  rows: readonly (readonly number[])[],
): Promise<void> {
  const graph = await importOnnx(path);
  for (const row of rows) {
    expect(row).toHaveLength(width);
    const values = Float64Array.from(row);
    expect([row, ...runModel(graph, values)]).toEqual([row, ...(await runReference(path, values))]);
  }
}

describe('a final function is left out only if the answer stays the same', () => {
  it('softmax of one score is 1 for every input', async () => {
    const path = new URL('../../fixtures/cases/softmax-one-unit/model.onnx', import.meta.url).pathname;
    await expect(importOnnx(path)).rejects.toThrow(/^QP2115 the output is the softmax of a single score/);
    await expect(importOnnx(model(1, node('ArgMax', 'x', 'y', { axis: 1 })))).rejects.toThrow(/^QP2115/);
  });

  it('ArgMax after a Sigmoid, where large scores are all 1', async () => {
    const path = model(3, node('Sigmoid', 'x', 's'), node('ArgMax', 's', 'y', { axis: 1 }));
    // The largest score is the last one, but the file answers the first of those above 17.
    expect(await runReference(path, Float64Array.of(0, 20, 30))).toEqual(Float64Array.of(1));
    await expectSameLabels(path, 3, [
      [0, 20, 30],
      [0, 12, 13],
      [-20, -30, -19],
      [18, 5, 17],
    ]);
    const half = model(
      3,
      node('Cast', 'x', 'h', { to: FLOAT16 }),
      node('Sigmoid', 'h', 's'),
      node('ArgMax', 's', 'y', { axis: 1 }),
    );
    await expect(importOnnx(half)).rejects.toThrow(/^QP2102 ArgMax after a Sigmoid/);
  });

  it('the larger of a probability and its complement, as converters write two classes', async () => {
    const one = { one: { shape: [1], data: [1] } };
    const both = (...order: readonly string[]) => [
      node('Sigmoid', 'x', 'p'),
      { op: 'Sub', inputs: ['one', 'p'], output: 'q' },
      { op: 'Concat', inputs: order, output: 'c', attributes: { axis: 1 } },
      node('ArgMax', 'c', 'y', { axis: 1 }),
    ];
    for (const order of [
      ['q', 'p'],
      ['p', 'q'],
      ['p', 'p', 'q'],
    ]) {
      const path = writeModel(
        buildOnnx({ input: ['N', 1], weights: one, outputType: INT64, nodes: both(...order) }),
      );
      await expectSameLabels(path, 1, [[-30], [-0.001], [0], [0.001], [30]]);
    }
  });

  it('the largest of parts of several sigmoids', async () => {
    const weights = { from: { shape: [1], data: [1], int: true }, to: { shape: [1], data: [3], int: true } };
    const nodes = [
      node('Sigmoid', 'x', 's'),
      { op: 'Slice', inputs: ['s', 'from', 'to', 'from'], output: 'a' },
      { op: 'Concat', inputs: ['a', 's'], output: 'c', attributes: { axis: 1 } },
      node('ArgMax', 'c', 'y', { axis: 1 }),
    ];
    const path = writeModel(buildOnnx({ input: ['N', 3], weights, outputType: INT64, nodes }));
    await expectSameLabels(path, 3, [
      [1, 2, 3],
      [3, 2, 1],
      [1, 3, 2],
    ]);
  });

  it.each([
    [
      'a label cast to bool',
      3,
      [node('ArgMax', 'x', 'a', { axis: 1 }), node('Cast', 'a', 'y', { to: BOOL })],
    ],
    [
      '300 labels cast to uint8',
      300,
      [node('ArgMax', 'x', 'a', { axis: 1 }), node('Cast', 'a', 'y', { to: 2 })],
    ],
    [
      'scores of a softmax made coarser',
      3,
      [node('Softmax', 'x', 's'), node('Cast', 's', 'y', { to: FLOAT16 })],
    ],
    [
      'a probability cut to a whole number',
      1,
      [node('Sigmoid', 'x', 's'), node('Cast', 's', 'y', { to: 7 })],
    ],
    ['the last of equal scores', 3, [node('ArgMax', 'x', 'y', { axis: 1, select_last_index: 1 })]],
    ['an ArgMax over another axis', 3, [node('ArgMax', 'x', 'y', { axis: 0 })]],
  ] as const)('%s is refused', async (_, width, nodes) => {
    await expect(importOnnx(model(width, ...nodes))).rejects.toThrow(/^QP2102/);
  });

  it('two labels may be cast to bool, and any label to a type that holds it', async () => {
    const path = model(2, node('ArgMax', 'x', 'a', { axis: 1 }), node('Cast', 'a', 'y', { to: BOOL }));
    expect((await importOnnx(path)).outputs[0]!.head).toBe('argmax');
  });

  it('a head may be reshaped as its own result, not as the scores', async () => {
    const nodes = [node('ArgMax', 'x', 'a', { axis: 1, keepdims: 1 }), node('Squeeze', 'a', 'y')];
    expect((await importOnnx(model(3, ...nodes))).outputs[0]!.head).toBe('argmax');
  });

  it.each(['Neg', 'Relu', 'Abs'])('%s of a label, which is an integer, is refused', async (op) => {
    const nodes = [node('ArgMax', 'x', 'a', { axis: 1 }), node(op, 'a', 'y')];
    await expect(importOnnx(model(3, ...nodes))).rejects.toThrow(/^QP2136/);
  });
});

describe('a threshold on a sigmoid', () => {
  it('is carried to where the sigmoid of ONNX Runtime crosses it', async () => {
    const path = model(1, node('Sigmoid', 'x', 'y'));
    const [output] = (await importOnnx(path)).outputs;
    for (const threshold of [1e-5, 0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999, 1 - 1e-5]) {
      const bound = logitThreshold(output!, threshold);
      // ONNX Runtime's sigmoid has an absolute error of about 1e-7.
      const room = 1.2e-7 / (threshold * (1 - threshold));
      const passes = async (x: number) => (await runReference(path, Float64Array.of(x)))[0]! >= threshold;
      expect([await passes(bound - room), await passes(bound + room)]).toEqual([false, true]);
    }
  });
});
