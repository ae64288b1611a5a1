import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { OPERATORS } from '../../../src/import/onnx/operators.ts';
import { buildOnnx, type NodeSpec, writeModel } from './build-onnx.ts';

const importNode = (node: NodeSpec, opset = 13) =>
  importOnnx(writeModel(buildOnnx({ input: ['n', 1, 4, 4], opset, nodes: [node] })));

describe('outputs that nothing reads', () => {
  it('a BatchNormalization in training form is refused by the names of its outputs', async () => {
    const path = new URL('../../fixtures/cases/bn-five-outputs/model.onnx', import.meta.url).pathname;
    expect(readFileSync(path).length).toBeGreaterThan(0);
    await expect(importOnnx(path)).rejects.toThrow(
      /^QP2114 BatchNormalization with the further outputs ".*", ".*", ".*", ".*" cannot be proved .*eval mode/,
    );
  });

  const several = ['Split', 'If'];
  it.each(Object.keys(OPERATORS).filter((op) => !several.includes(op)))(
    'a second output of %s is refused unless it is known to be harmless',
    (op) => {
      const node = importNode({ op, inputs: ['x'], output: 'y', further: ['z', 'z2'] });
      return expect(node).rejects.toThrow(/^QP2114 .*"z2?"/);
    },
  );

  it('the mask of a Dropout and the indices of a MaxPool leave the first output as it is', async () => {
    const dropout = await importNode({ op: 'Dropout', inputs: ['x'], output: 'y', further: ['mask'] });
    expect(dropout.outputs[0]!.values).toEqual(Int32Array.from({ length: 16 }, (_, i) => i));
    const attributes = { kernel_shape: [2, 2] };
    const pool = { op: 'MaxPool', inputs: ['x'], output: 'y', further: ['Indices'], attributes };
    expect((await importNode(pool)).outputs[0]!.values).toHaveLength(9);
  });

  it('but not where they are read', async () => {
    const nodes = [
      { op: 'MaxPool', inputs: ['x'], output: 'm', further: ['i'], attributes: { kernel_shape: [2, 2] } },
      { op: 'Relu', inputs: ['i'], output: 'y' },
    ];
    const model = writeModel(buildOnnx({ input: ['n', 1, 4, 4], nodes }));
    await expect(importOnnx(model)).rejects.toThrow(/QP2102 it reads output 2 of MaxPool/);
  });
});
