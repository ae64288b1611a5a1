import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { circuitCost } from '../../src/circuit/circuit-cost.ts';
import { integerLogits } from '../../src/compile/quality/compare.ts';
import { answerRules } from '../../src/compile/quantize-on-data.ts';
import { logitLabels } from '../../src/compile/reference/answers.ts';
import { simplifyGraph } from '../../src/graph/simplify.ts';
import { importModel } from '../../src/import/import-model.ts';
import { executeInteger } from '../../src/integer/execute.ts';
import { integerGraphJson, parseIntegerGraph } from '../../src/integer/integer-graph-json.ts';
import { uniformWidths } from '../../src/quantize/bit-widths.ts';
import { calibrate } from '../../src/quantize/calibrate.ts';
import { chooseDecision } from '../../src/quantize/decision.ts';
import { encodeClamped } from '../../src/quantize/encode-clamped.ts';
import { quantizer } from '../../src/quantize/quantize.ts';

async function load(name: string) {
  const folder = path.join('models', name);
  const graph = simplifyGraph(await importModel(folder));
  const { inputs } = JSON.parse(await readFile(path.join(folder, 'test.json'), 'utf8'));
  const rows = inputs.map((row: number[]) => Float64Array.from(row)) as Float64Array[];
  const decision = chooseDecision(graph.outputs[0]!, {});
  return { graph, calibration: calibrate(graph, rows), decision };
}

/*
 * Exact constraint counts at 8 bits, so that any change in proving cost shows here. The counts (public input, digest)
 * include the argmax or threshold and the context. Label flips are against the float model on all rows of test.json.
 */
const MODELS: readonly [name: string, publicCount: number, digestCount: number, flips: number][] = [
  ['digits-mlp', 781, 1506, 1],
  ['credit-scoring-mlp', 466, 835, 3],
  ['breast-cancer-mlp', 334, 867, 1],
  ['breast-cancer-mlp-softmax', 665, 1198, 0],
  ['breast-cancer-logreg', 22, 555, 0],
  ['iris-mlp', 274, 573, 0],
  ['wine-mlp-bn', 511, 891, 0],
  ['digits-cnn', 14507, 15929, 1],
  ['digits-resnet', 35585, 37809, 5],
  ['tfjs-digits-cnn-layers', 10477, 11753, 1],
];

describe.each(MODELS)('%s at 8 bits', (name, publicCount, digestCount, flips) => {
  it('has the same cost and label flips as before', async () => {
    const { graph, calibration, decision } = await load(name);
    const open = quantizer(graph, calibration, { input: 'public', decisions: [decision] })(uniformWidths(8));
    const closed = quantizer(graph, calibration, { input: 'digest', decisions: [decision] })(
      uniformWidths(8),
    );
    expect([circuitCost(open.graph).constraints, circuitCost(closed.graph).constraints]).toEqual([
      publicCount,
      digestCount,
    ]);
    const [rule] = answerRules({ graph, decisions: [decision] });
    const flipped = calibration.rows.filter(
      (row, k) =>
        logitLabels(integerLogits(open, row), rule!)[0] !== logitLabels(calibration.outputs[k]!, rule!)[0],
    );
    expect(flipped).toHaveLength(flips);
    expect(flips).toBeLessThanOrEqual(calibration.rows.length / 100);
  });
});

describe('an integer graph as JSON', () => {
  it.each(['digits-cnn', 'wine-mlp-bn', 'digits-resnet'])(
    'describes the same function after reading it back: %s',
    async (name) => {
      const { graph, calibration, decision } = await load(name);
      const model = quantizer(graph, calibration, { input: 'digest', decisions: [decision] })(
        uniformWidths(8),
      );
      const text = integerGraphJson(model.graph);
      const read = parseIntegerGraph(text);
      expect(integerGraphJson(read)).toBe(text);
      const row = encodeClamped(model, calibration.rows[0]!);
      expect(executeInteger(read, row)).toEqual(executeInteger(model.graph, row));
    },
  );
});
