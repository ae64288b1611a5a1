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

/** A rewrite that preserves what the graph computes; returns the same object if nothing changes. */
export interface Pass {
  readonly name: string;
  readonly run: (graph: FloatGraph) => FloatGraph;
}

/** All passes, in the order they run; repeated until none changes the graph. */
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
 * Fuses and reorders a float graph so that the circuit has as little as possible to prove: batch norms, scales, residual
 * adds and reshapes disappear, maxima move before activations, averages become plain sums.
 *
 * @throws QuietproofError QP9001 if a pass breaks an invariant or the passes never settle (our bug)
 */
export function simplifyGraph(graph: FloatGraph): FloatGraph {
  let current = graph;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = current;
    for (const pass of PASSES) {
      const next = pass.run(current);
      if (next !== current) checkGraph(next, pass.name);
      current = next;
    }
    if (current === before) return current;
  }
  throw new QuietproofError('QP9001', {
    what: `simplifying "${graph.name}" did not finish in ${MAX_ROUNDS} rounds`,
  });
}
