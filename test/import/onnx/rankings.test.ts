import { describe, expect, it } from 'vitest';
import { simplifyGraph } from '../../../src/graph/simplify.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { buildOnnx, type NodeSpec, writeModel } from './build-onnx.ts';
import { largestError, noise, runModel, runReference } from './compare.ts';

const [FLOAT, INT64] = [1, 7];
const k = (count: number) => ({ k: { shape: [1], data: [count], int: true } });

function model(nodes: readonly NodeSpec[], weights = k(2), outputType = FLOAT): string {
  return writeModel(buildOnnx({ input: [1, 2, 5], nodes, weights, opset: 17, outputType }));
}

async function expectSame(path: string): Promise<void> {
  const graph = await importOnnx(path);
  const ties = Float64Array.of(1, 3, 3, 0, 1, 2, 2, 2, -1, 2);
  for (const row of [noise(10, 1), noise(10, 2), ties]) {
    const expected = await runReference(path, row);
    expect(largestError(runModel(graph, row), expected)).toBeLessThan(2e-6);
    expect(largestError(runModel(simplifyGraph(graph), row), expected)).toBeLessThan(2e-6);
  }
}

describe('TopK', () => {
  it.each([0, 1])('gives the values of ONNX Runtime, with largest = %i', async (largest) => {
    const attributes = { axis: -1, largest };
    await expectSame(
      model([{ op: 'TopK', inputs: ['x', 'k'], output: 'y', further: ['places'], attributes }], k(3)),
    );
  });

  it('gives their places, of which the lower of equal values comes first', async () => {
    const top: NodeSpec = { op: 'TopK', inputs: ['x', 'k'], output: 'values', further: ['places'] };
    const cast: NodeSpec = { op: 'Cast', inputs: ['places'], output: 'y', attributes: { to: FLOAT } };
    await expectSame(model([top, cast]));
  });

  it('is refused for many values', async () => {
    const wide = writeModel(
      buildOnnx({
        ...{ input: [1, 12], opset: 17, weights: k(9) },
        nodes: [{ op: 'TopK', inputs: ['x', 'k'], output: 'y', further: ['places'] }],
      }),
    );
    await expect(importOnnx(wide)).rejects.toThrow(/^QP2102 TopK of more than 8 values/);
  });
});

describe('ArgMin', () => {
  it('is the first of the smallest scores', async () => {
    const nodes: NodeSpec[] = [
      { op: 'Flatten', inputs: ['x'], output: 'flat' },
      { op: 'ArgMin', inputs: ['flat'], output: 'y', attributes: { axis: 1 } },
    ];
    await expectSame(model(nodes, k(2), INT64));
  });
});
