import { readFileSync } from 'node:fs';
import onnxProto from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { simplifyGraph } from '../../../src/graph/simplify.ts';
import type { TensorProto } from '../../../src/import/onnx/decode-model.ts';
import { FOLDED } from '../../../src/import/onnx/fold/folded-operators.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { OPERATORS } from '../../../src/import/onnx/operators.ts';
import { readTensor } from '../../../src/import/onnx/read-tensor.ts';
import { CASES, CONSTANTS, modelOf, operatorOf, tensorIn } from './backend-cases.ts';
import { largestError, runModel, runReference } from './compare.ts';

/** ONNX Runtime infers an output shape that differs from the declared one, which is PyTorch's. */
const REFERENCE_REFUSES = 'test_maxpool_2d_ceil_output_size_reduce_by_one';

/** ONNX's node tests with weights bound as initializers; see the README next to the fixtures. */
describe('ONNX backend node tests', () => {
  it.each(CASES)('%s', async (name) => {
    const path = modelOf(name);
    const { data: row, dataType } = tensorIn(name, 'input.pb');
    const expected = tensorIn(name, 'output.pb').data;
    const graph = await importOnnx(path, { batched: false });
    const logarithm = name.startsWith('test_logsoftmax');
    const answer = (model: typeof graph) => {
      const out = runModel(model, row);
      return logarithm && model.outputs[0]!.head === 'softmax' ? out.map(Math.log) : out;
    };
    expect(largestError(answer(graph), expected)).toBeLessThan(2e-6);
    expect(largestError(answer(simplifyGraph(graph)), expected)).toBeLessThan(2e-6);
    if (dataType === 1 && name !== REFERENCE_REFUSES)
      expect(largestError(answer(graph), await runReference(path, row))).toBeLessThan(2e-6);
  });

  it.each(CONSTANTS)('%s', async (name) => {
    const path = modelOf(name);
    const graph = await importOnnx(path, { batched: false });
    const { initializer } = onnxProto.onnx.ModelProto.decode(readFileSync(path)).graph!;
    const stored = initializer!.find((tensor) => tensor.name === 'expected')!;
    const expected = readTensor(stored as TensorProto, new Map(), name).tensor.data;
    const difference = runModel(graph, new Float64Array(graph.input.count));
    expect(
      largestError(
        difference.map((value, i) => value + expected[i]!),
        expected,
      ),
    ).toBeLessThan(2e-6);
  });

  it('covers every operator that is computed on constants', () => {
    const covered = new Set(CONSTANTS.map((name) => operatorOf(name)));
    // ONNX's case of Erf has 3072 values; `sub-graphs.test.ts` has another.
    expect(Object.keys(FOLDED).filter((op) => !covered.has(op))).toEqual(['Erf']);
  });

  it('covers every operator', () => {
    const covered = new Set(CASES.map((name) => operatorOf(name)));
    expect(Object.keys(OPERATORS).filter((op) => !covered.has(op))).toEqual([]);
  });
});
