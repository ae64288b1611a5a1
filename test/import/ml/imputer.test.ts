import { describe, expect, it } from 'vitest';
import { integerLogits } from '../../../src/compile/quality/compare.ts';
import { simplifyGraph } from '../../../src/graph/simplify.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { uniformWidths } from '../../../src/quantize/bit-widths.ts';
import { calibrate } from '../../../src/quantize/calibrate.ts';
import { gappedFeatures } from '../../../src/quantize/gapped-features.ts';
import { quantizer } from '../../../src/quantize/quantize.ts';
import { rankedFeatures } from '../../../src/quantize/ranked-features.ts';
import { buildOnnx, type ModelSpec, type NodeSpec, writeModel } from '../onnx/build-onnx.ts';
import { largestError, noise, runModel } from '../onnx/compare.ts';
import { answersOf } from './ensembles.ts';

const ML = 'ai.onnx.ml';
const FEATURES = 3;

/** Every set of columns is missing in some rows. */
const ROWS = Array.from({ length: 64 }, (_, k) =>
  noise(FEATURES, k + 1).map((value, i) => (Math.floor(k / 2 ** i) % 2 === 1 ? Number.NaN : 10 ** i * value)),
);

const learned = (
  op: string,
  input: string,
  output: string,
  attributes: NodeSpec['attributes'] = {},
): NodeSpec => ({
  ...{ op, domain: ML, inputs: [input], output, attributes },
});
const imputer = (input: string, output: string, replaced = Number.NaN, by = [0.3, -4, 55]) =>
  learned('Imputer', input, output, {
    imputed_value_floats: { floats: by },
    replaced_value_float: { float: replaced },
  });
const scaler = (input: string, output: string) =>
  learned('Scaler', input, output, {
    offset: { floats: [0.1, 2, -7] },
    scale: { floats: [1.5, 0.25, 0.03] },
  });
const regressor = (input: string, output: string) =>
  learned('LinearRegressor', input, output, {
    coefficients: { floats: [0.7, -1.1, 0.4] },
    intercepts: { floats: [0.2] },
  });

const model = (...nodes: readonly NodeSpec[]): ModelSpec => ({
  ...{ input: ['N', FEATURES], opset: 17, learnedOpset: 1, nodes },
});

const CASES: Readonly<Record<string, ModelSpec>> = {
  'before a linear model': model(imputer('x', 'z'), regressor('z', 'y')),
  'with one value for all columns': model(imputer('x', 'z', Number.NaN, [2]), regressor('z', 'y')),
  'before a scaler': model(imputer('x', 'z'), scaler('z', 'w'), regressor('w', 'y')),
  'after a scaler': model(scaler('x', 'w'), imputer('w', 'z'), regressor('z', 'y')),
  'before two readers': model(
    imputer('x', 'z'),
    regressor('z', 'a'),
    { op: 'Relu', inputs: ['z'], output: 'b' },
    { op: 'Add', inputs: ['a', 'b'], output: 'y' },
  ),
  'before products': model(
    imputer('x', 'z'),
    { op: 'Mul', inputs: ['z', 'z'], output: 'w' },
    regressor('w', 'y'),
  ),
};

describe('an imputer', () => {
  it.each(Object.entries(CASES))('%s: values as ONNX Runtime gives them', async (_, spec) => {
    const { theirs, graph } = await answersOf(spec, ROWS);
    for (const [k, row] of ROWS.entries())
      expect(largestError(runModel(graph, row), theirs[k]!)).toBeLessThan(1e-5);
  });

  it.each(Object.entries(CASES))('%s: features may be missing, and integers are near', async (_, spec) => {
    const { graph: imported, theirs } = await answersOf(spec, ROWS);
    const graph = simplifyGraph(imported);
    expect(gappedFeatures(graph)).toEqual([true, true, true]);
    const options = {
      input: 'digest',
      decisions: [{ kind: 'logits' }],
      ranked: rankedFeatures(graph, {}),
    } as const;
    const quantized = quantizer(graph, calibrate(graph, ROWS), options)(uniformWidths(12));
    expect(quantized.graph.input.codings.every(({ kind }) => kind === 'affine')).toBe(true);
    const span = Math.max(...theirs.flatMap((row) => [...row].map(Math.abs)));
    for (const [k, row] of ROWS.entries())
      integerLogits(quantized, row).forEach((value, i) => {
        expect(Math.abs(value - theirs[k]![i]!) / span).toBeLessThan(0.01);
      });
  });
});

describe('a feature may not be missing', () => {
  const gapsOf = async (...nodes: readonly NodeSpec[]) =>
    gappedFeatures(simplifyGraph(await importOnnx(writeModel(buildOnnx(model(...nodes))))));

  it('where the model also computes with it as it is', async () => {
    const own = { op: 'Add', inputs: ['z', 'x'], output: 'w' };
    expect(await gapsOf(imputer('x', 'z'), own, regressor('w', 'y'))).toEqual([false, false, false]);
  });

  it('where it is mixed with others before', async () => {
    const mixed = { op: 'ReduceMax', inputs: ['x'], output: 'm', attributes: { axes: [1] } };
    const sum = { op: 'Add', inputs: ['z', 'm'], output: 'w' };
    expect(await gapsOf(imputer('x', 'z'), mixed, sum, regressor('w', 'y'))).toEqual([false, false, false]);
  });

  it('where it is an integer', async () => {
    const cast = { op: 'Cast', inputs: ['x'], output: 'f', attributes: { to: 1 } };
    const spec = { ...model(cast, imputer('f', 'z'), regressor('z', 'y')), inputType: 7 };
    const graph = simplifyGraph(await importOnnx(writeModel(buildOnnx(spec))));
    expect(gappedFeatures(graph)).toEqual([false, false, false]);
  });

  it('without an imputer', async () => {
    expect(await gapsOf(scaler('x', 'z'), regressor('z', 'y'))).toEqual([false, false, false]);
  });
});

describe('an imputer is refused', () => {
  it.each([
    ['of another value than NaN', [imputer('x', 'z', 0), regressor('z', 'y')]],
    [
      'of what several columns make',
      [regressor('x', 'w'), imputer('w', 'z', Number.NaN, [1]), { op: 'Relu', inputs: ['z'], output: 'y' }],
    ],
  ] as const)('%s', async (_, nodes) => {
    await expect(importOnnx(writeModel(buildOnnx(model(...nodes))))).rejects.toMatchObject({
      code: 'QP2102',
    });
  });
});
