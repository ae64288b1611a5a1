import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openOnnxReference } from '../../../src/compile/reference/onnx-runtime.ts';
import { toDataType } from '../../../src/import/onnx/data-types.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { buildOnnx, type ModelSpec, writeModel } from './build-onnx.ts';
import { largestError, runModel } from './compare.ts';

const [UINT8, INT8, INT64, BOOL, FLOAT16, DOUBLE, BFLOAT16] = [2, 3, 7, 9, 10, 11, 16];
const CASE = new URL('../../fixtures/cases/float16-input/', import.meta.url).pathname;
const weights = (type: 10 | 11 | 16, data: number[]) => ({ w: { shape: [2, 2], data, type } });
const dense = { op: 'MatMul', inputs: ['x', 'w'], output: 'y' };
const build = (spec: ModelSpec) => writeModel(buildOnnx(spec));

/** ONNX Runtime's outputs and ours on one row. */
async function both(path: string, row: Float64Array): Promise<[Float64Array, Float64Array]> {
  const reference = await openOnnxReference(path);
  try {
    return [runModel(await importOnnx(path), row), await reference.run(row)];
  } finally {
    await reference.close();
  }
}

describe('number formats', () => {
  it('a float16 model is computed without its rounding, which is at most 2^-11 of each value', async () => {
    const { inputs } = JSON.parse(readFileSync(`${CASE}data.json`, 'utf8'));
    const expected = JSON.parse(readFileSync(`${CASE}expected.json`, 'utf8')).onnxruntime;
    const reference = await openOnnxReference(`${CASE}model.onnx`);
    const graph = await importOnnx(`${CASE}model.onnx`);
    expect(graph.outputs[0]!.precision).toBe('float16');
    for (const [k, row] of inputs.entries()) {
      expect([...(await reference.run(Float64Array.from(row)))]).toEqual(expected[k]);
      expect(largestError(runModel(graph, Float64Array.from(row)), expected[k])).toBeLessThan(4 * 2 ** -11);
    }
    await reference.close();
  });

  it('a double model is computed in double', async () => {
    const path = build({
      input: ['n', 2],
      inputType: DOUBLE,
      outputType: DOUBLE,
      weights: weights(11, [0.1, 0.2, 0.3, 0.4]),
      nodes: [dense],
    });
    const [ours, theirs] = await both(path, Float64Array.of(1 / 3, 2 / 3));
    expect(largestError(ours, theirs)).toBeLessThan(1e-15);
    expect((await importOnnx(path)).outputs[0]!.precision).toBe('float64');
  });

  it('bfloat16 weights are cast exactly', async () => {
    const path = build({
      input: ['n', 2],
      weights: { h: { shape: [2, 2], data: [0x3f80, 0x4000, 0x3eab, 0xbf80], type: 16 } },
      nodes: [{ op: 'Cast', inputs: ['h'], output: 'w', attributes: { to: 1 } }, dense],
    });
    const [ours, theirs] = await both(path, Float64Array.of(1, 2));
    expect(largestError(ours, theirs)).toBeLessThan(1e-6);
  });

  it.each([
    ['a bfloat16', BFLOAT16, /^QP2105 an input of \w+ is not supported.*float32 input/],
    ['a string', 8, /^QP2155 Cast of texts cannot be proved/],
  ] as const)('%s input that is cast is refused at import', async (_, inputType, message) => {
    const nodes = [{ op: 'Cast', inputs: ['x'], output: 'y', attributes: { to: 1 } }];
    await expect(importOnnx(build({ input: ['n', 2], inputType, nodes }))).rejects.toThrow(message);
  });

  it.each([
    ['bfloat16', BFLOAT16, 'QP2105'],
    ['int64', INT64, 'QP2102'],
  ])('activations cast to %s are refused', async (_, to, code) => {
    const nodes = [{ op: 'Cast', inputs: ['x'], output: 'y', attributes: { to: to! } }];
    await expect(importOnnx(build({ input: ['n', 2], nodes }))).rejects.toMatchObject({ code });
  });

  it('operands of different types are refused, as ONNX Runtime refuses them', async () => {
    const path = build({ input: ['n', 2], weights: weights(11, [1, 2, 3, 4]), nodes: [dense] });
    await expect(openOnnxReference(path)).rejects.toMatchObject({ code: 'QP3010' });
    await expect(importOnnx(path)).rejects.toThrow(
      /^QP2116 MatMul cannot take operands of float32 and float64/,
    );
  });
});

describe('toDataType', () => {
  it.each([
    [UINT8, [300, -1, 2.9], [44, 255, 2]],
    [INT8, [200, -129, -2.9], [-56, 127, -2]],
    [INT64, [2.5, -2.5], [2, -2]],
    [BOOL, [0.5, 0, -3], [1, 0, 1]],
    [FLOAT16, [0.1, 65520], [0.0999755859375, Infinity]],
    [1, [0.1], [Math.fround(0.1)]],
    [DOUBLE, [0.1], [0.1]],
  ])('type %i', (type, values, expected) => {
    expect(values.map((value) => toDataType(type!, value) + 0)).toEqual(expected);
  });
});
