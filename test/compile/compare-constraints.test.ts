import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { circuitTemplates } from '../../src/circuit/circom/templates.ts';
import { type CircuitCost, circuitCost } from '../../src/circuit/circuit-cost.ts';
import { type DerivedCircuit, deriveCircuit } from '../../src/circuit/derive-circuit.ts';
import { compareConstraints } from '../../src/compile/compare-constraints.ts';
import { QuietproofError } from '../../src/errors/quietproof-error.ts';
import { type R1cs, readR1cs } from '../../src/formats/r1cs.ts';
import type { IntegerGraph } from '../../src/integer/integer-graph.ts';
import { GraphMaker, TEST_GRAPHS } from '../circuit/support/graphs.ts';
import { compiledOnce } from '../support/made-once.ts';

interface Compiled {
  readonly circuit: DerivedCircuit;
  readonly cost: CircuitCost;
  readonly r1cs: R1cs;
  readonly sym: string;
}

async function compile(graph: IntegerGraph): Promise<Compiled> {
  const circuit = deriveCircuit(graph);
  const { r1csPath, symPath } = await compiledOnce(circuit.source, await circuitTemplates(), true);
  const [r1cs, sym] = await Promise.all([readFile(r1csPath), readFile(symPath, 'utf8')]);
  return { circuit, cost: circuitCost(graph), r1cs: readR1cs(r1cs), sym };
}

const GRAPHS = Object.entries(TEST_GRAPHS).map(([name, make]) => ({ name, graph: make().graph }));
const withInput = (graph: IntegerGraph, input: 'digest' | 'public'): IntegerGraph => ({
  ...graph,
  statement: { ...graph.statement, input },
});

describe('the predicted number of constraints', () => {
  it.each(GRAPHS)('is that of the compiled circuit in every layer: $name', async ({ graph }) => {
    const { cost, circuit, r1cs, sym } = await compile(graph);
    expect(() => compareConstraints(cost, circuit, r1cs, sym)).not.toThrow();
  });

  it('is right where the stated output repeats a sum, which then has no name of its own', async () => {
    const maker = new GraphMaker([15, 15], 1);
    const sum = maker.block(1, 1, 2, [0, 1]);
    const copy = maker.block(1, 1, 1, [sum[0]!]);
    maker.nodes.forEach((node, k) => {
      if (node.op !== 'linear') return;
      // Constraints are counted by name.
      Object.assign(node, { name: `sum ${k}` });
      node.blocks[0]!.weights.set(k === 0 ? [3, -2] : [1]);
      node.bias.fill(0);
    });
    const { cost, circuit, r1cs, sym } = await compile(maker.finish('logits', copy));
    expect(() => compareConstraints(cost, circuit, r1cs, sym)).not.toThrow();
  });

  it('is compared with a digest too, and a difference names the layer even where the sum is right', async () => {
    const { name, graph } = GRAPHS.find((own) => own.graph.nodes.length > 2)!;
    const max = graph.input.max.map((most) => 2 ** Math.ceil(Math.log2(most + 1)) - 1);
    const digest = withInput({ ...graph, input: { ...graph.input, max } }, 'digest');
    const { cost, circuit, r1cs, sym } = await compile(digest);
    expect(cost.input, name).toBeGreaterThan(0);
    compareConstraints(cost, circuit, r1cs, sym);
    const [first, second, ...layers] = cost.layers;
    const moved = {
      ...cost,
      layers: [
        { ...first!, constraints: first!.constraints - 1 },
        { ...second!, constraints: second!.constraints + 1 },
        ...layers,
      ],
    };
    const refusal = errorOf(() => compareConstraints(moved, circuit, r1cs, sym));
    expect(refusal).toMatchObject({ code: 'QP4103', exit: 4 });
    expect(refusal.message).toContain(`"${first!.layer}"`);
    const other = { ...cost, input: cost.input + 1, constraints: cost.constraints + 1 };
    expect(errorOf(() => compareConstraints(other, circuit, r1cs, sym)).message).toContain('"input"');
  });
});

function errorOf(work: () => void): QuietproofError {
  try {
    work();
  } catch (error) {
    if (error instanceof QuietproofError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
