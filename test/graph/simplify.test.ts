import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../src/graph/check-graph.ts';
import type { FloatGraph } from '../../src/graph/float-graph.ts';
import { PASSES, simplifyGraph } from '../../src/graph/simplify.ts';
import { randomGraph } from './random-graph.ts';
import { relativeDifference } from './relative-difference.ts';

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
  const worst = relativeDifference(actual, expected, seed);
  if (!(worst <= 1e-9)) throw new Error(`seed ${seed}: the outputs differ by ${worst}`);
}
