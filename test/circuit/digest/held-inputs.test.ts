import { inputDigest } from '@quietproof/verify';
import { describe, expect, it } from 'vitest';
import { checkCircuit } from '../../../src/check/check-circuit.ts';
import { circuitTemplates } from '../../../src/circuit/circom/templates.ts';
import { circuitCost } from '../../../src/circuit/circuit-cost.ts';
import { deriveCircuit } from '../../../src/circuit/derive-circuit.ts';
import { digestCost } from '../../../src/circuit/digest/digest-plan.ts';
import { witnessCalculator } from '../../../src/circuit/witness-calculator.ts';
import { planWitness } from '../../../src/circuit/witness-plan.ts';
import { readElement } from '../../../src/field/bn254.ts';
import { heldInputs } from '../../../src/integer/held-inputs.ts';
import type { IntegerGraph } from '../../../src/integer/integer-graph.ts';
import { compileGraph, compileSource } from '../../check/compile-checked.ts';
import { compileTemplate } from '../support/compile-template.ts';
import { GraphMaker } from '../support/graphs.ts';

const SALT = 0x0123456789abcdef0fedcba987654321n;
const RANK = 4_278_190_080;

/** A rank, a byte that no thermometer reads, a bit, and a number that is no whole number of bits. */
function mixed() {
  const maker = new GraphMaker([RANK, 255, 1, 200], 1);
  const a = maker.thermometer(0, [1_000_000_000, 2_139_095_040]);
  const b = maker.thermometer(2, [1]);
  const c = maker.thermometer(3, [17, 90, 150]);
  const [chosen] = maker.select([a[0]!], [c[1]!], [b[0]!]);
  const sums = maker.sums([0, [3, chosen!], [5, a[1]!], [-1, c[2]!]], [0, [1, 1], [9, c[0]!]]);
  return { maker, graph: maker.finish('logits', sums, 'digest') };
}

/** x ≥ 100, where x is the only input. */
function single(max: number, source: (maker: GraphMaker) => number = () => 0): IntegerGraph {
  const maker = new GraphMaker([max], 1);
  return maker.finish('logits', maker.thermometer(source(maker), [100]), 'digest');
}

describe('a digest of inputs that thermometers hold in range', () => {
  it('leaves their ranges to them, and has exactly the predicted number of constraints', async () => {
    const { maker, graph } = mixed();
    expect([...heldInputs(graph)]).toEqual([0, 3]);
    const circuit = deriveCircuit(graph);
    const compiled = await compileTemplate(circuit.source.replace(/^pragma .*$/m, ''));
    const cost = circuitCost(graph);
    expect(compiled.constraintCount).toBe(cost.constraints);
    const all = digestCost(Float64Array.of(2 ** 32 - 1, 255, 1, 255));
    expect(all - cost.input).toBe(33 + 9);
    const calculator = witnessCalculator(
      circuit,
      planWitness(circuit.sources, compiled.sym, compiled.wireCount),
    );
    for (const row of maker.rows(8)) {
      const { witness, publicSignals } = calculator.calculate(row, SALT, 77n);
      const theirs = await compiled.calculate({ in: Array.from(row), salt: SALT, context: 77n });
      expect(theirs.map((_, wire) => readElement(witness, 32 * wire))).toEqual(theirs);
      expect(publicSignals[2]).toBe(inputDigest(Array.from(row), [32, 8, 1, 8], SALT));
    }
  });

  it('is proved, range included', async () => {
    for (const graph of [mixed().graph, single(RANK)]) {
      const { verdict, problems } = checkCircuit(await compileGraph(graph));
      expect([verdict, problems]).toEqual(['proved', []]);
    }
  });

  it('is refused where neither checks the range', async () => {
    const text = (await circuitTemplates()).get('thermometer.circom')!;
    const tied = ['lowSum === lowest;', 'highSum === highest;'];
    for (const row of tied) {
      expect(text).toContain(row);
      const circuit = await compileGraph(single(RANK), { 'thermometer.circom': text.replace(row, '') });
      const { verdict, claims, problems } = checkCircuit(circuit);
      expect(verdict).not.toBe('proved');
      expect(claims).toEqual({ determinism: 'unknown', range: 'unknown', correspondence: 'unknown' });
      expect(problems.map(({ what }) => what)).toContain(
        'no row holds it in range: neither its own, nor a thermometer',
      );
    }
  });

  it('is refused where a thermometer reads the input only in a sum', async () => {
    const graph = single(255, (maker) => maker.sums([0, [3, 0]])[0]!);
    expect(heldInputs(graph).size).toBe(0);
    const source = deriveCircuit(graph)
      .source.replace('input-digest.circom', 'held-input-digest.circom')
      .replace('= InputDigest(', '= HeldInputDigest(')
      .replace('    [8],\n', '    [8],\n        [1],\n');
    const { claims, problems } = checkCircuit(await compileSource(source, graph));
    expect(claims.correspondence).toBe('unknown');
    expect(problems).toContainEqual({
      claim: 'correspondence',
      where: 'input[0]',
      what: 'bit 0 of 8 is on no wire',
    });
  });

  it('is refused for a graph without the thermometer', async () => {
    const circuit = await compileGraph(single(255));
    const other: IntegerGraph = {
      ...circuit.graph,
      nodes: [{ ...circuit.graph.nodes[0]!, op: 'threshold', source: 0, threshold: 100 }],
    };
    const { verdict, problems } = checkCircuit({ ...circuit, graph: other });
    expect(verdict).not.toBe('proved');
    expect(problems.map(({ where }) => where)).toContain('input[0]');
  });
});
