import { describe, expect, it } from 'vitest';
import { ConstraintSystem } from '../../src/check/constraint-system.ts';
import { sampleRows } from '../../src/check/sample-rows.ts';
import { bigRows, holds } from '../../src/check/solve-witness.ts';
import { deriveCircuit } from '../../src/circuit/derive-circuit.ts';
import { witnessCalculator } from '../../src/circuit/witness-calculator.ts';
import { planWitness } from '../../src/circuit/witness-plan.ts';
import { pseudoRandom } from '../../src/data/pseudo-random.ts';
import { readElement, SCALAR_FIELD } from '../../src/field/bn254.ts';
import { TEST_GRAPHS } from '../circuit/support/graphs.ts';
import { compileGraph } from './compile-checked.ts';

/** Values that a forger might try instead of v: −v, its neighbours, other bits, zero, random values. */
function forgeries(v: bigint, random: () => number): bigint[] {
  const candidates = [
    -v,
    v + 1n,
    v - 1n,
    1n - v,
    2n * v,
    0n,
    v + 2n ** 52n,
    BigInt(Math.floor(random() * 2 ** 50)),
  ];
  const residues = candidates.map((x) => ((x % SCALAR_FIELD) + SCALAR_FIELD) % SCALAR_FIELD);
  return residues.filter((x) => x !== v);
}

describe.each(Object.entries(TEST_GRAPHS))('a witness of a circuit of %s', (_, make) => {
  it('with any one wire forged violates a constraint', async () => {
    const { graph } = make();
    const { r1cs, sym } = await compileGraph(graph);
    const system = new ConstraintSystem(r1cs);
    const circuit = deriveCircuit(graph);
    const calculator = witnessCalculator(circuit, planWitness(circuit.sources, sym, r1cs.nWires));
    const rows = bigRows(system);
    const random = pseudoRandom(7);
    const inputs = new Set(Array.from({ length: system.inputCount }, (__, i) => system.firstInput + i));
    let tried = 0;
    for (const row of sampleRows(graph, 4)) {
      const { witness } = calculator.calculate(row, null, 3n);
      const wires = Array.from({ length: r1cs.nWires }, (__, wire) => readElement(witness, wire * 32));
      expect(rows.every((own) => holds(own, wires))).toBe(true);
      for (let wire = 1; wire < r1cs.nWires; wire += 1) {
        if (inputs.has(wire)) continue;
        const around = new Set(system.rows.subarray(system.start[wire]!, system.start[wire + 1]!));
        for (const forged of forgeries(wires[wire]!, random)) {
          const changed = wires.with(wire, forged);
          expect(Array.from(around).every((own) => holds(rows[own]!, changed))).toBe(false);
          tried += 1;
        }
      }
    }
    expect(tried).toBeGreaterThan(0);
  });
});
