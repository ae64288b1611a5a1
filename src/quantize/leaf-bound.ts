import type { FloatGraph } from '../graph/float-graph.ts';
import { divisorOf, largestSum, treeSteps } from './lower/tree-steps.ts';

/** Half a step of a float32, as a share of the number. */
const FLOAT32_HALF = 2 ** -24;

/**
 * By how much an output of an ensemble may differ from what a runtime gives that adds up in float32: half a step of the
 * leaves per tree, and the runtime's own rounding after each tree, of sums that are at most the largest one. Comparisons
 * do not differ. Undefined where the outputs are not those of one ensemble whose features are coded by rank.
 */
export function leafBound({ nodes, output }: FloatGraph): number | undefined {
  const node = nodes.at(-1);
  if (node?.op !== 'trees' || nodes.length > 1) return undefined;
  if (!output.values.every((id) => id >= node.first)) return undefined;
  const { step, isRounded } = treeSteps(node);
  const terms = node.trees.length + 1;
  // Two outputs that are mirror images take their leaves' rounding from each other.
  const ownRounding = isRounded ? terms * step : 0;
  const divisor = divisorOf(node.aggregate, node.trees.length);
  return (ownRounding + terms * FLOAT32_HALF * largestSum(node)) / divisor;
}
