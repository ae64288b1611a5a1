import { describe, expect, it } from 'vitest';
import { simplifyGraph } from '../../src/graph/simplify.ts';
import { importModel } from '../../src/import/import-model.ts';
import { uniformWidths } from '../../src/quantize/bit-widths.ts';
import { calibrate } from '../../src/quantize/calibrate.ts';
import { quantizer } from '../../src/quantize/quantize.ts';
import { buildOnnx, type ModelSpec, writeModel } from '../import/onnx/build-onnx.ts';
import { noise } from '../import/onnx/compare.ts';
import { errorShare } from './error-share.ts';

const matrix = (rows: number, columns: number, seed: number) => ({
  shape: [rows, columns],
  data: noise(rows * columns, seed),
});

/** Ten scores, their softmax, and what is weighted by it. */
const spec: ModelSpec = {
  input: ['n', 4],
  weights: { w: matrix(4, 10, 1), v: matrix(10, 3, 2) },
  nodes: [
    { op: 'MatMul', inputs: ['x', 'w'], output: 'scores' },
    { op: 'Softmax', inputs: ['scores'], output: 'shares', attributes: { axis: 1 } },
    { op: 'MatMul', inputs: ['shares', 'v'], output: 'y' },
  ],
};

describe('a network with a softmax between layers', () => {
  it('keeps its shares apart where the scores are far apart', async () => {
    const path = writeModel(buildOnnx(spec));
    const graph = simplifyGraph(await importModel(path));
    const numbers = noise(320, 5);
    const rows = Array.from({ length: 80 }, (_, k) => numbers.slice(4 * k, 4 * k + 4));
    const calibration = calibrate(graph, rows.slice(0, 60));
    const quantized = quantizer(graph, calibration, { input: 'public', decisions: [{ kind: 'logits' }] });
    const model = quantized(uniformWidths(8));

    expect(await errorShare(path, model, rows.slice(60))).toBeLessThan(0.04);
  });
});
