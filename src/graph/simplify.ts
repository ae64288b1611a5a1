import { QuietproofError } from '../errors/quietproof-error.ts';
import { checkGraph } from './check-graph.ts';
import type { FloatGraph } from './float-graph.ts';

/** A rewriting of the graph that keeps what it computes; returns the same object where there is nothing to do. */
export interface Pass {
  readonly name: string;
  readonly run: (graph: FloatGraph) => FloatGraph;
}

/** In this order, again and again until nothing changes. */
export const PASSES: readonly Pass[] = [];

const MAX_ROUNDS = 1000;

/**
 * Fuses and reorders a float graph so that as little as possible is left to be proved: batch norms, scales, residual
 * adds and reshapes vanish, maxima move before rectifiers, averages become plain sums.
 *
 * @throws QuietproofError QP9001 where a pass breaks an invariant (our bug)
 */
export function simplifyGraph(graph: FloatGraph): FloatGraph {
  let current = graph;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = current;
    for (const pass of PASSES) {
      const next = pass.run(current);
      if (next !== current) checkGraph(next, pass.name);
      current = next;
    }
    if (current === before) return current;
  }
  throw new QuietproofError('QP9001', { what: `simplifying "${graph.name}" does not come to an end` });
}
