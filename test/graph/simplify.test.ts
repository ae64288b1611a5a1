import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../src/graph/check-graph.ts';
import { executeFloat, outputsOf } from '../../src/graph/execute.ts';
import type { FloatGraph } from '../../src/graph/float-graph.ts';
import { PASSES, simplifyGraph } from '../../src/graph/simplify.ts';
import { Dice, randomGraph } from './random-graph.ts';

describe('simplifyGraph', () => {
  it('keeps what random networks compute', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (seed) => {
        const graph = randomGraph(seed);
        expectSame(simplifyGraph(graph), graph, seed);
      }),
      { numRuns: 400 },
    );
  });

  it.each(PASSES.map((pass) => [pass.name, pass] as const))(
    '%s alone keeps what they compute',
    (name, pass) => {
      let changed = 0;
      for (let seed = 0; seed < 300; seed++) {
        const graph = randomGraph(seed);
        const next = pass.run(graph);
        if (next === graph) continue;
        changed++;
        checkGraph(next, name);
        expectSame(next, graph, seed);
      }
      expect(changed).toBeGreaterThan(3);
    },
  );

  it('has nothing more to do after it is done', () => {
    for (let seed = 0; seed < 50; seed++) {
      const graph = simplifyGraph(randomGraph(seed));
      for (const pass of PASSES) expect(pass.run(graph)).toBe(graph);
    }
  });
});

function expectSame(actual: FloatGraph, expected: FloatGraph, seed: number): void {
  const dice = new Dice(seed);
  for (let row = 0; row < 2; row++) {
    const input = dice.tensor(expected.input.count).data;
    const wanted = outputsOf(expected, executeFloat(expected, input));
    const got = outputsOf(actual, executeFloat(actual, input));
    expect(got.length).toBe(wanted.length);
    const scale = Math.max(1, ...wanted.map(Math.abs));
    for (let i = 0; i < wanted.length; i++) {
      if (!(Math.abs(got[i]! - wanted[i]!) <= 1e-9 * scale))
        throw new Error(`seed ${seed}: ${got[i]} is not ${wanted[i]}`);
    }
  }
}
