import { buildPoseidon } from 'circomlibjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { flatConstants, poseidonForm } from '../../../src/circuit/digest/poseidon-form.ts';
import { poseidonPowers, poseidonTrace } from '../../../src/circuit/digest/poseidon-trace.ts';
import { pseudoRandom } from '../../../src/data/pseudo-random.ts';
import { SCALAR_FIELD } from '../../../src/field/bn254.ts';
import { compileTemplate } from '../support/compile-template.ts';

/** circomlib's Poseidon, the oracle. */
let oracle: (inputs: readonly bigint[]) => bigint;
beforeAll(async () => {
  const poseidon = await buildPoseidon();
  oracle = (inputs) => poseidon.F.toObject(poseidon(inputs));
});

function inputsOf(t: number, seed: number): bigint[] {
  const random = pseudoRandom(seed);
  const element = () => {
    let value = 0n;
    for (let k = 0; k < 9; k += 1) value = (value << 32n) | BigInt(Math.floor(random() * 2 ** 32));
    return value % SCALAR_FIELD;
  };
  return Array.from({ length: t - 1 }, element);
}

function circuitOf(t: number) {
  const constants = flatConstants(poseidonForm(t)).join(',');
  return compileTemplate(`include "poseidon.circom";\ncomponent main = Poseidon(${t}, [${constants}]);`);
}

describe('poseidonTrace', () => {
  it.each(Array.from({ length: 16 }, (_, i) => i + 2))("equals circomlib's at width %i", (t) => {
    const zeros = new Array<bigint>(t - 1).fill(0n);
    const largest = zeros.map(() => SCALAR_FIELD - 1n);
    for (const inputs of [zeros, largest, inputsOf(t, t), inputsOf(t, 100 + t)]) {
      expect(poseidonTrace(poseidonForm(t), inputs).out).toBe(oracle(inputs));
    }
  });

  it('refuses a wrong number of inputs', () => {
    expect(() => poseidonTrace(poseidonForm(3), [1n])).toThrow(RangeError);
  });
});

describe('Poseidon', () => {
  // Constraints: 3·(8·t + R − 1) + 1; width 17 is 609 for its S-boxes and 1 for the output.
  it.each([
    [3, 241],
    [6, 322],
    [14, 544],
    [17, 610],
  ])(
    "at width %i costs %i constraints, equals circomlib's, and leaves nothing open",
    async (t, constraints) => {
      const circuit = await circuitOf(t);
      expect(circuit.constraintCount).toBe(constraints);
      expect(circuit.undetermined()).toEqual([]);
      for (const inputs of [inputsOf(t, 7), inputsOf(t, 8)]) {
        const witness = await circuit.calculate({ in: inputs });
        expect(witness[circuit.wireOf('out')]).toBe(oracle(inputs));
        expect(circuit.violated(witness)).toEqual([]);
        const trace = poseidonTrace(poseidonForm(t), inputs);
        for (const name of ['square', 'fourth', 'fifth'] as const) {
          const wires = Array.from({ length: poseidonPowers(poseidonForm(t)) }, (_, i) =>
            circuit.wireOf(`${name}[${i}]`),
          );
          expect(wires.map((wire) => witness[wire])).toEqual(trace[name]);
        }
      }
    },
  );

  it('refuses every forged S-box and output', async () => {
    const circuit = await circuitOf(3);
    const witness = await circuit.calculate({ in: [1n, 2n] });
    const signals = circuit.signals(/^(out|(square|fourth|fifth)\[)/);
    expect(signals).toHaveLength(241);
    for (const signal of signals) {
      const value = witness[circuit.wireOf(signal)]!;
      for (const forged of [0n, (value + 1n) % SCALAR_FIELD, (SCALAR_FIELD - value) % SCALAR_FIELD]) {
        expect(circuit.forged(witness, { [signal]: forged }).length, signal).toBeGreaterThan(0);
      }
    }
  });

  it('keeps the density of its linear expressions', async () => {
    // Terms cost proving time too; 22,000 is the minimum without further wires.
    expect((await circuitOf(17)).nonzeros).toBeLessThan(23_000);
  });
});
