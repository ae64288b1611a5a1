import { QuietproofError } from '../errors/quietproof-error.ts';
import { checkGraph } from './check-graph.ts';
import type { FloatGraph } from './float-graph.ts';
import { composeLayers } from './passes/compose-layers.ts';
import { delayScales } from './passes/delay-scales.ts';
import { dropIdleActivations } from './passes/drop-idle-activations.ts';
import { foldScaleBack } from './passes/fold-scale-back.ts';
import { foldScaleForward } from './passes/fold-scale-forward.ts';
import { maxBeforeActivation } from './passes/max-before-activation.ts';
import { mergeActivations } from './passes/merge-activations.ts';
import { mergeScales } from './passes/merge-scales.ts';
import { mergeSums } from './passes/merge-sums.ts';
import { pushPoolFactors } from './passes/push-pool-factors.ts';
import { removeUnused } from './passes/remove-unused.ts';

/** A rewriting of the graph that keeps what it computes; returns the same object where there is nothing to do. */
export interface Pass {
  readonly name: string;
  readonly run: (graph: FloatGraph) => FloatGraph;
}

/** In this order, again and again until nothing changes. */
export const PASSES: readonly Pass[] = [
  { name: 'remove-unused', run: removeUnused },
  { name: 'merge-scales', run: mergeScales },
  { name: 'fold-scale-back', run: foldScaleBack },
  { name: 'fold-scale-forward', run: foldScaleForward },
  { name: 'delay-scales', run: delayScales },
  { name: 'merge-sums', run: mergeSums },
  { name: 'compose-layers', run: composeLayers },
  { name: 'drop-idle-activations', run: dropIdleActivations },
  { name: 'merge-activations', run: mergeActivations },
  { name: 'max-before-activation', run: maxBeforeActivation },
  { name: 'push-pool-factors', run: pushPoolFactors },
];

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
