import type { CircuitCost } from '../circuit/circuit-cost.ts';
import { CONTEXT_PART, constraintsByLayer, INPUT_PART } from '../circuit/constraints-by-layer.ts';
import type { DerivedCircuit } from '../circuit/derive-circuit.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { R1cs } from '../formats/r1cs.ts';

/**
 * Compares a circuit's predicted cost with the compiled circuit, layer by layer. The compiler chooses bits by the
 * prediction, and users make decisions by it, so it must be exact.
 *
 * @throws QuietproofError QP4103 naming the first layer that differs
 */
export function compareConstraints(
  cost: CircuitCost,
  circuit: DerivedCircuit,
  r1cs: R1cs,
  symText: string,
): void {
  const predicted = predictedParts(cost);
  const actual = constraintsByLayer(circuit, r1cs, symText);
  for (const part of new Set([...predicted.keys(), ...actual.keys()])) {
    const [expected, found] = [predicted.get(part) ?? 0, actual.get(part) ?? 0];
    if (expected === found) continue;
    throw new QuietproofError('QP4103', {
      where: `"${part}": ${found} constraints instead of ${expected}`,
      fix: 'Please report it, with the model if you can',
    });
  }
}

function predictedParts({ layers, input, constraints }: CircuitCost): Map<string, number> {
  const counts = new Map(layers.map((own) => [own.layer, own.constraints]));
  const context = layers.reduce((rest, own) => rest - own.constraints, constraints - input);
  return counts.set(INPUT_PART, input).set(CONTEXT_PART, context);
}
