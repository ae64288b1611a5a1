import { beforeAll, describe, expect, it } from 'vitest';
import { type CheckedCircuit, checkCircuit } from '../../src/check/check-circuit.ts';
import { wireNames } from '../../src/check/wire-hints.ts';
import { circuitTemplates } from '../../src/circuit/circom/templates.ts';
import { deriveCircuit } from '../../src/circuit/derive-circuit.ts';
import type { IntegerGraph } from '../../src/integer/integer-graph.ts';
import { GraphMaker } from '../circuit/support/graphs.ts';
import { compileGraph } from './compile-checked.ts';
import { rowsOf } from './mutants.ts';

/** x ≥ 2, x ≥ 4, x ≥ 6 for 0 ≤ x ≤ 9: intervals of 2, 2, 2 and 4 values, so two bits. */
function cutGraph(cuts: readonly number[] = [2, 4, 6], max = 9): IntegerGraph {
  const maker = new GraphMaker([max], 1);
  return maker.finish('logits', maker.thermometer(0, cuts));
}

let template: string;
beforeAll(async () => {
  template = (await circuitTemplates()).get('thermometer.circom')!;
});

function edited(...edits: readonly (readonly [text: string, replacement: string])[]): string {
  return edits.reduce((text, [own, replacement]) => {
    expect(text.split(own)).toHaveLength(2);
    return text.replace(own, () => replacement);
  }, template);
}

/** The circuit of a graph with another template for its thermometers. */
function withTemplate(text: string, graph = cutGraph()): Promise<CheckedCircuit> {
  return compileGraph(graph, { 'thermometer.circom': text });
}

/** Every x, with every c that the rows accept for it, over the field of p elements. */
function accepted({ r1cs, sym }: CheckedCircuit, p: number): string[] {
  const name = wireNames(sym);
  const rows = rowsOf(r1cs).filter((row) => !row.flat().some(([wire]) => name(wire) === 'context'));
  const wires = Array.from({ length: r1cs.nWires }, (_, wire) => wire);
  const find = (pattern: RegExp) => wires.filter((wire) => pattern.test(name(wire)));
  const [free, bits] = [[...find(/^in\[/), ...find(/logits|_out/)], find(/low|high/)];
  // The rows that make digits boolean leave them 0 and 1 in every field.
  const isBoolean = (wire: number) =>
    rows.some(([a, b, c]) => c.length === 0 && [a, b].every((side) => side.some(([own]) => own === wire)));
  expect(bits.every(isBoolean)).toBe(true);
  const small = rows.map((row) =>
    row.map((terms) => terms.map(([wire, value]) => [wire, Number(value)] as const)),
  );
  const isDecided = new Set([0, ...free]);
  const early = small.filter((row) => row.flat().every(([wire]) => isDecided.has(wire)));
  const values = new Array<number>(r1cs.nWires).fill(0);
  values[0] = 1;
  const hold = (some: typeof small) =>
    some.every((row) => {
      const [a, b, c] = row.map((terms) =>
        terms.reduce((sum, [wire, value]) => sum + value * values[wire]!, 0),
      );
      return (a! * b! - c!) % p === 0;
    });
  const found = new Set<string>();
  const tryAll = (k: number): void => {
    if (k === free.length && !hold(early)) return;
    const wire = free[k] ?? bits[k - free.length];
    if (wire === undefined) {
      if (hold(small)) found.add(free.map((own) => values[own]).join(' '));
      return;
    }
    for (let value = 0; value < (k < free.length ? p : 2); value += 1) {
      values[wire] = value;
      tryAll(k + 1);
    }
  };
  tryAll(0);
  return Array.from(found).sort();
}

/** x with [x ≥ cut] for each cut, for all x from 0 to `top`. */
function right(cuts: readonly number[], top: number): string[] {
  const rows = Array.from({ length: top + 1 }, (_, x) => [x, ...cuts.map((cut) => (x >= cut ? 1 : 0))]);
  return rows.map((row) => row.join(' ')).sort();
}

describe('the rows of a thermometer, over all assignments of a small prime field', () => {
  it.each([
    [[4], 17],
    [[3, 7], 17],
    [[2, 4, 6], 11],
  ])('accept x from 0 to 9 with exactly the right values, cuts %j modulo %i', async (cuts, p) => {
    expect(accepted(await compileGraph(cutGraph(cuts)), p)).toEqual(right(cuts, 9));
  });

  it('accept other values where 2^(g+1) is not below the prime', async () => {
    const found = accepted(await compileGraph(cutGraph([4])), 11);
    expect(found.length).toBeGreaterThan(10);
  });

  it('accept other values with any other complement', async () => {
    const complement = edited(['highSum === highest;', 'highSum === 2 ** bits - 1 - lowest;']);
    const wide = edited(['var highest = cut[0] - 1 - v', 'var highest = cut[0] - v']);
    for (const text of [complement, wide]) {
      const found = accepted(await withTemplate(text, cutGraph([2, 5])), 17);
      expect(found.length).toBeGreaterThan(right([2, 5], 9).length);
    }
  });
});

interface Control {
  readonly edits: readonly (readonly [string, string])[];
  readonly claim: 'determinism' | 'correspondence';
  readonly counterexample: string;
  readonly graph?: IntegerGraph;
}

const CONTROLS: Readonly<Record<string, Control>> = {
  'that is not monotone': {
    edits: [['out[k] * (out[k - 1] - out[k]) === 0;', 'out[k] * (1 - out[k]) === 0;']],
    claim: 'determinism',
    counterexample: 'two witnesses',
  },
  'whose gaps are one bit short': {
    edits: [['for (var k = 0; k < bits; k++) {', 'for (var k = 0; k < bits - 1; k++) {']],
    claim: 'correspondence',
    counterexample: 'no witness',
  },
  'with the complement 2^g − 1 − low': {
    edits: [['highSum === highest;', 'highSum === 2 ** bits - 1 - lowest;']],
    claim: 'determinism',
    counterexample: 'two witnesses',
  },
  'with the complement T[m+1] − x': {
    edits: [['var highest = cut[0] - 1 - v', 'var highest = cut[0] - v']],
    claim: 'determinism',
    counterexample: 'two witnesses',
  },
  'without an upper end': {
    edits: [['highSum === highest;', '']],
    claim: 'determinism',
    counterexample: 'two witnesses',
  },
  'with a cut that is off by one': {
    edits: [
      ['below[k] = k == 0 ? cut[0] :', 'below[k] = k == 0 ? cut[0] + 1 :'],
      ['cut[k] - cut[k - 1];', 'cut[k] - cut[k - 1] - (k == 1 ? 1 : 0);'],
      ['var highest = cut[0] - 1 - v', 'var highest = cut[0] - v'],
      ['cut[k + 1]) - cut[k];', 'cut[k + 1]) - cut[k] - (k == 0 ? 1 : 0);'],
      ['out[k] <-- v >= cut[k] ? 1 : 0;', 'out[k] <-- v >= cut[k] + (k == 0 ? 1 : 0) ? 1 : 0;'],
    ],
    claim: 'correspondence',
    counterexample: 'wrong output',
    graph: cutGraph([1, 3], 3),
  },
};

describe('a thermometer', () => {
  it.each(Object.entries(CONTROLS))('%s is caught', async (_, { edits, claim, counterexample, graph }) => {
    const soundness = checkCircuit(await withTemplate(edited(...edits), graph));
    expect(soundness.claims[claim]).toBe('unknown');
    expect(soundness.counterexample?.kind).toBe(counterexample);
  });
});

/** A score of a tree on x, 0 … 8 where 8 is a missing value, and on y. */
function scored(missing: 'true' | 'false', leaves: readonly [number, number, number] = [10, -4, 7]) {
  const maker = new GraphMaker([8, 3], 1);
  const [low, isMissing] = maker.thermometer(0, [3, 8]);
  const [y] = maker.thermometer(1, [2]);
  // x < 3, or missing.
  const [goes] = maker.sums([1, [-1, low!], ...(missing === 'true' ? [[1, isMissing!] as const] : [])]);
  const tree = maker.treeLeaves([
    [goes!, 1, -3],
    [y!, -1, -2],
  ]);
  const sums = maker.sums([0, ...leaves.map((weight, leaf) => [weight, tree[leaf]!] as const)]);
  return maker.finish('logits', sums);
}

/** The same score by selection. */
function chosen(exchanged = false): IntegerGraph {
  const maker = new GraphMaker([8, 3], 1);
  const [low] = maker.thermometer(0, [3]);
  const [y] = maker.thermometer(1, [2]);
  const [inner, leaf] = maker.sums([-4, [14, y!]], [7]);
  const ends: [number, number] = exchanged ? [inner!, leaf!] : [leaf!, inner!];
  return maker.finish('logits', maker.select([low!], [ends[0]], [ends[1]]));
}

describe('a tree', () => {
  const verdictOn = async (compiled: IntegerGraph, stated: IntegerGraph) => {
    const circuit = await compileGraph(compiled);
    const { sources, copies } = deriveCircuit(stated);
    return checkCircuit({ ...circuit, sources, copies, graph: stated });
  };

  it.each([scored('true'), chosen()])('is proved', async (graph) => {
    expect((await verdictOn(graph, graph)).verdict).toBe('proved');
  });

  it.each([
    ['sends a missing value the other way', scored('false'), scored('true')],
    ['has two leaves exchanged', scored('true', [-4, 10, 7]), scored('true')],
    ['has a leaf that is off by one', scored('true', [10, -4, 8]), scored('true')],
    ['chooses the other child', chosen(true), chosen()],
  ])('that %s is caught', async (_, compiled, stated) => {
    const { verdict, claims, counterexample } = await verdictOn(compiled, stated);
    expect([verdict, claims.correspondence]).toEqual(['counterexample', 'unknown']);
    expect(counterexample?.kind).toBe('wrong output');
  });

  it('whose condition may be 2 has no circuit, and is not checked', async () => {
    const maker = new GraphMaker([2, 9], 1);
    const graph = maker.finish('logits', maker.select([0], [1], [0]));
    expect(() => deriveCircuit(graph)).toThrow(/QP3035/);
    const { graph: _, ...circuit } = await compileGraph(chosen());
    expect(() => checkCircuit({ ...circuit, graph })).toThrow(/QP3035 .*condition 0 within 0 … 2/);
  });
});
