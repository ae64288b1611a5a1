import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import onnxProto from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { executeFloat, outputsOf } from '../../../src/graph/execute.ts';
import { simplifyGraph } from '../../../src/graph/simplify.ts';
import type { TensorProto } from '../../../src/import/onnx/decode-model.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { readTensor } from '../../../src/import/onnx/read-tensor.ts';

const { onnx } = onnxProto;
const FOLDER = fileURLToPath(new URL('../../fixtures/onnx-backend-ml/', import.meta.url));

async function tensorIn(name: string, file: string) {
  const proto = onnx.TensorProto.decode(await readFile(path.join(FOLDER, name, file))) as TensorProto;
  return readTensor(proto, new Map(), file).tensor;
}

/** The case's model with rows in place of its batch. */
async function rowModel(name: string) {
  const model = onnx.ModelProto.decode(await readFile(path.join(FOLDER, name, 'model.onnx')));
  for (const value of [...model.graph!.input!, ...model.graph!.output!]) {
    value.type!.tensorType!.shape!.dim![0] = onnx.TensorShapeProto.Dimension.create({ dimParam: 'N' });
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'quietproof-node-test-'));
  try {
    const file = path.join(folder, 'model.onnx');
    await writeFile(file, onnx.ModelProto.encode(model).finish());
    return await importOnnx(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * By case: its first rows that are left out. Features of trees are proved as float32 numbers. The first row of the single
 * tree is the double 1.2, which is its threshold; the float32 nearest to it is above.
 */
const LEFT_OUT = { tree_ensemble_single_tree: 1, tree_ensemble_set_membership: 0 };

describe("ONNX's node tests of trees", () => {
  it.each(Object.entries(LEFT_OUT))('%s', async (name, from) => {
    const [input, output] = [await tensorIn(name, 'input.pb'), await tensorIn(name, 'output.pb')];
    const graph = await rowModel(name);
    for (const model of [graph, simplifyGraph(graph)]) {
      const [rows, width] = input.shape as [number, number];
      const targets = output.shape[1]!;
      for (let k = from; k < rows; k += 1) {
        const row = Float64Array.from(input.data.slice(k * width, (k + 1) * width));
        const expected = output.data.slice(k * targets, (k + 1) * targets);
        expect(outputsOf(model, executeFloat(model, row))).toEqual(Float64Array.from(expected));
      }
    }
  });
});
