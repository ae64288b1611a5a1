import type { FloatGraph } from '../graph/float-graph.ts';
import { countValues } from '../graph/use.ts';
import { DisjointSets } from './disjoint-sets.ts';
import { loweringOf } from './lower/node-lowerings.ts';

/**
 * By value id: the group whose values need one step, named by its lowest id. Weights are constants of the circuit, so a
 * value that has its weights to itself can have any step for free. What ties steps together is what the layers do:
 *
 * - values that meet the same weight at several positions of a convolution (a channel of a picture), and values that one
 *   row of weights gives at several positions;
 * - values that are compared (in a maximum, or as the model's outputs) or plainly added up (in a pool);
 * - values around an activation whose bounds do not scale with its operand.
 */
export function stepGroups(graph: FloatGraph): Int32Array {
  const sets = new DisjointSets(countValues(graph));
  for (const node of graph.nodes) loweringOf(node).tie(node, sets);
  for (const { values } of graph.outputs) sets.tie(values);
  let changed = true;
  while (changed) {
    changed = false;
    for (const node of graph.nodes) changed = loweringOf(node).tieAgain(node, sets) || changed;
  }
  return sets.names();
}
