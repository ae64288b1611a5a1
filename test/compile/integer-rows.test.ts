import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadModel, readModelRows } from '../../src/compile/load-model.ts';
import { buildOnnx, writeModel } from '../import/onnx/build-onnx.ts';

const UINT8 = 2;

/** A linear model of a real number and an integer from 0 to 255. */
const FILE = writeModel(
  buildOnnx({
    input: ['n', 1],
    inputs: { age: { shape: ['n', 1], type: UINT8 } },
    weights: { w: { shape: [2, 1], data: [1, 2] } },
    nodes: [
      { op: 'Cast', inputs: ['age'], output: 'a', attributes: { to: 1 } },
      { op: 'Concat', inputs: ['x', 'a'], output: 'all', attributes: { axis: 1 } },
      { op: 'MatMul', inputs: ['all', 'w'], output: 'y' },
    ],
  }),
);

async function rowsOf(text: string) {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'quietproof-rows-')), 'rows.csv');
  await writeFile(file, `x,age\n${text}\n`);
  return readModelRows(file, await loadModel(FILE, {}));
}

describe('an input of integers', () => {
  it('takes those of its type', async () => {
    expect((await rowsOf('0.5,255\n-1,0')).rows).toEqual([Float64Array.of(0.5, 255), Float64Array.of(-1, 0)]);
  });

  it.each(['0.5,1.5', '0.5,256', '0.5,-1'])('refuses %s: no runtime has an answer for it', async (row) => {
    await expect(rowsOf(`0.5,7\n${row}`)).rejects.toThrow(
      /^QP1133 The input "age" takes whole numbers from 0 to 255, not .*rows.csv, row 1/,
    );
  });
});
