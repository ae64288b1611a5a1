import { describe, expect, it } from 'vitest';
import { checkCircuit } from '../../src/check/check-circuit.ts';
import { circuitCost } from '../../src/circuit/circuit-cost.ts';
import { deriveCircuit } from '../../src/circuit/derive-circuit.ts';
import { compareConstraints } from '../../src/compile/compare-constraints.ts';
import { compileGraph } from '../check/compile-checked.ts';
import { randomCopies } from './support/random-graph.ts';

/** How many random graphs; more with `COPIES=400 npx vitest run test/circuit/shared-wires.test.ts`. */
const GRAPHS = Number(process.env.COPIES ?? 6);
const FIRST = Number(process.env.FIRST ?? 1);

describe('values that repeat each other, or are constant', () => {
  it.each(Array.from({ length: GRAPHS }, (_, k) => FIRST + k))(
    'cost what circom counts, layer by layer, and are proved: graph %i',
    { timeout: 60_000 },
    async (seed) => {
      const graph = randomCopies(seed);
      const circuit = await compileGraph(graph);
      compareConstraints(circuitCost(graph), deriveCircuit(graph), circuit.r1cs, circuit.sym);
      expect(checkCircuit(circuit)).toMatchObject({ verdict: 'proved', problems: [] });
    },
  );
});
