import { describe, expect, it } from 'vitest';
import { checkCircuit } from '../../src/check/check-circuit.ts';
import { circuitCost } from '../../src/circuit/circuit-cost.ts';
import { simplifyGraph } from '../../src/graph/simplify.ts';
import { importOnnx } from '../../src/import/onnx/import-onnx.ts';
import { integerGraphJson, parseIntegerGraph } from '../../src/integer/integer-graph-json.ts';
import { uniformWidths } from '../../src/quantize/bit-widths.ts';
import { calibrate } from '../../src/quantize/calibrate.ts';
import { quantizer } from '../../src/quantize/quantize.ts';
import { rankedFeatures } from '../../src/quantize/ranked-features.ts';
import { regressor, type TreeSpec } from '../import/ml/ensembles.ts';
import { buildOnnx, type ModelSpec, writeModel } from '../import/onnx/build-onnx.ts';
import { compileGraph } from './compile-checked.ts';

const leaf = (...weights: readonly number[]): TreeSpec => ({ leaf: { ...weights } });
const split = (feature: number, whenTrue: TreeSpec, whenFalse: TreeSpec): TreeSpec => ({
  ...{ mode: 'LEQ', feature, threshold: 1, whenTrue, whenFalse },
});
const deep = split(0, split(1, leaf(0.3), leaf(-2)), leaf(4.7));
const targets = (count: number) => ({ n_targets: count });
const oneHot = (target: number): TreeSpec => ({ leaf: { [target]: 1 } });

const MODELS: readonly (readonly [name: string, model: ModelSpec])[] = [
  ['a choice', regressor([deep], 2, { base_values: { floats: [0.7] } })],
  ['a choice and a constant', regressor([deep, leaf(2.5)], 2, { base_values: { floats: [0.7] } })],
  ['a maximum', regressor([deep, split(0, leaf(1), leaf(3))], 2, { aggregate_function: 'MAX' })],
  ['a minimum', regressor([deep, split(0, leaf(1), leaf(3))], 2, { aggregate_function: 'MIN' })],
  ['a constant beside a choice', regressor([split(0, leaf(2, 1), leaf(2, 3))], 2, targets(2))],
  [
    'indicators of leaves',
    regressor([split(0, split(1, oneHot(0), oneHot(1)), split(1, oneHot(2), oneHot(3)))], 2, targets(4)),
  ],
];

describe.each(MODELS)('a stated output that is %s', (_, spec) => {
  it('is proved, from the file that records the graph', async () => {
    const model = simplifyGraph(await importOnnx(writeModel(buildOnnx(spec))));
    const rows = [0, 1, 2, 3].map((k) => Float64Array.of(k & 1 ? 2 : 0, k & 2 ? 2 : 0));
    const options = { input: 'public', decisions: [{ kind: 'logits' }] } as const;
    const ranked = rankedFeatures(model, {});
    const { graph } = quantizer(model, calibrate(model, rows), { ...options, ranked })(uniformWidths(8));
    const circuit = await compileGraph(parseIntegerGraph(integerGraphJson(graph)));
    expect(checkCircuit(circuit).problems).toEqual([]);
    expect(circuit.r1cs.nConstraints).toBe(circuitCost(graph).constraints);
  });
});
