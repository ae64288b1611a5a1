import type { InputMode } from '@quietproof/verify';
import { describe, expect, it } from 'vitest';
import { checkCircuit } from '../../../src/check/check-circuit.ts';
import { circuitCost } from '../../../src/circuit/circuit-cost.ts';
import { deriveCircuit } from '../../../src/circuit/derive-circuit.ts';
import { witnessCalculator } from '../../../src/circuit/witness-calculator.ts';
import { planWitness } from '../../../src/circuit/witness-plan.ts';
import { uniformWidths } from '../../../src/quantize/bit-widths.ts';
import { calibrate } from '../../../src/quantize/calibrate.ts';
import { encodeClamped } from '../../../src/quantize/encode-clamped.ts';
import { quantizer } from '../../../src/quantize/quantize.ts';
import { rankedFeatures } from '../../../src/quantize/ranked-features.ts';
import { compileGraph } from '../../check/compile-checked.ts';
import { violatedConstraints } from '../../check/violations.ts';
import { Dice } from '../../graph/random-graph.ts';
import { rowsAtThresholds, type TreesOptions, treesGraph } from './random-trees.ts';

const CASES: readonly [name: string, mode: InputMode, options: TreesOptions][] = [
  ['indicators of leaves', 'public', { features: 3, count: 4, trees: 3, depth: 3, missing: true }],
  ['the largest', 'public', { features: 2, count: 1, trees: 4, depth: 3, aggregate: 'max' }],
  ['a private input', 'digest', { features: 5, count: 2, trees: 4, depth: 3, missing: true }],
  ['one tree, and features that it does not read', 'digest', { features: 9, count: 1, trees: 1, depth: 2 }],
];

describe.each(CASES)('the circuit of trees with %s', (_, mode, options) => {
  it('has the predicted cost, is proved sound, and has a witness at every threshold', async () => {
    const dice = new Dice(7);
    const graph = treesGraph(dice, options);
    const rows = rowsAtThresholds(dice, options.features, 40, options.missing);
    const ranked = rankedFeatures(graph, {});
    const decision = { kind: 'logits' } as const;
    const model = quantizer(graph, calibrate(graph, rows), { input: mode, decisions: [decision], ranked })(
      uniformWidths(8),
    );
    const checked = await compileGraph(model.graph);
    expect(checked.r1cs.nConstraints).toBe(circuitCost(model.graph).constraints);
    expect(checkCircuit(checked).problems).toEqual([]);
    const circuit = deriveCircuit(model.graph);
    const calculator = witnessCalculator(
      circuit,
      planWitness(circuit.sources, checked.sym, checked.r1cs.nWires),
    );
    for (const row of rows) {
      const { witness } = calculator.calculate(encodeClamped(model, row), mode === 'digest' ? 5n : null, 1n);
      expect(violatedConstraints(checked.r1cs, witness, 1)).toEqual([]);
    }
  });
});
