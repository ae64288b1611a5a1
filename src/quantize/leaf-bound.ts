import type { FloatGraph, LinearNode, TreesNode } from '../graph/float-graph.ts';
import { countValues } from '../graph/use.ts';
import type { RankedFeatures } from './input-encoding.ts';
import { divisorOf, largestSum, treeSteps } from './lower/tree-steps.ts';

/** Half a step of a float32, as a share of the number. */
const FLOAT32_HALF = 2 ** -24;

/**
 * By value: how far its integer may be from what a runtime gives that adds up in float32, for sums of trees that compare
 * ranks: half a step of the leaves per tree, and the runtime's own rounding after each tree, of sums that are at most the
 * largest one. Comparisons do not differ. Infinity for all values that depend on a width, and for the input.
 */
export function leafBounds(graph: FloatGraph, ranked: RankedFeatures): Float64Array {
  const bounds = new Float64Array(countValues(graph)).fill(Infinity);
  if (ranked.every((rank) => rank === undefined)) return bounds;
  const largest = new Float64Array(bounds.length);
  for (const node of graph.nodes) {
    if (node.op === 'trees' && node.source.every((id) => id < 0 || ranked[id] !== undefined)) {
      bounds.fill(boundOf(node), node.first, node.first + node.count);
      largest.fill(largestSum(node), node.first, node.first + node.count);
    } else if (node.op === 'linear') boundSums(node, bounds, largest);
  }
  return bounds;
}

/** Of all outputs, if none depends on a width. */
export function leafBound(graph: FloatGraph, ranked: RankedFeatures): number | undefined {
  const bounds = leafBounds(graph, ranked);
  const ids = graph.outputs.flatMap(({ values }) => Array.from(values));
  const worst = ids.reduce((most, id) => Math.max(most, id < 0 ? 0 : bounds[id]!), 0);
  return worst > 0 && worst < Infinity ? worst : undefined;
}

function boundOf(node: TreesNode): number {
  const { step, isRounded } = treeSteps(node);
  const terms = node.trees.length + 1;
  // Not half a step: two outputs that are mirror images also have the rounding of each other's leaves.
  const ownRounding = isRounded ? terms * step : 0;
  const divisor = divisorOf(node.aggregate, node.trees.length);
  return (ownRounding + terms * FLOAT32_HALF * largestSum(node)) / divisor;
}

/** Sums and differences of bounded values; weights other than ±1 are rounded to a width. */
function boundSums(node: LinearNode, bounds: Float64Array, largest: Float64Array): void {
  for (let i = 0; i < node.count; i += 1) {
    const terms = termsOf(node, i);
    if (!terms.every(({ weight }) => Math.abs(weight) === 1)) continue;
    const size = terms.reduce((sum, { id }) => sum + largest[id]!, Math.abs(node.bias[i]!));
    largest[node.first + i] = size;
    const rounding = terms.length * FLOAT32_HALF * size;
    bounds[node.first + i] = terms.reduce((sum, { id }) => sum + bounds[id]!, rounding);
  }
}

function termsOf({ blocks, diagonals }: LinearNode, output: number): { id: number; weight: number }[] {
  const terms = diagonals.map(({ weights, source }) => ({ id: source[output]!, weight: weights[output]! }));
  let start = 0;
  for (const { rows, positions, taps, weights, gather } of blocks) {
    const own = output - start;
    start += rows * positions;
    if (own < 0 || own >= rows * positions) continue;
    const [row, position] = [Math.floor(own / positions), own % positions];
    for (let tap = 0; tap < taps; tap += 1) {
      terms.push({ id: gather[position * taps + tap]!, weight: weights[row * taps + tap]! });
    }
  }
  return terms.filter(({ id, weight }) => id >= 0 && weight !== 0);
}
