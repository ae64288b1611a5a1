import type { Block, LinearNode } from '../float-graph.ts';
import { commonFactor } from './common-factor.ts';

/**
 * Multiplies weights by the factors that their operands lack; undefined if the positions of a tap lack different ones.
 *
 * @param factors by value id: multiplying the value by it gives the original one
 */
export function absorbFactors(node: LinearNode, factors: Float64Array): LinearNode | undefined {
  const sources = [
    ...node.blocks.map((block) => block.gather),
    ...node.diagonals.map(({ source }) => source),
  ];
  if (sources.every((ids) => ids.every((id) => id < 0 || factors[id] === 1))) return node;
  const blocks: Block[] = [];
  for (const block of node.blocks) {
    const scaled = absorbInBlock(block, factors);
    if (scaled === undefined) return undefined;
    blocks.push(scaled);
  }
  const diagonals = node.diagonals.map(({ weights, source }) => ({
    weights: weights.map((weight, i) => (source[i]! < 0 ? weight : weight * factors[source[i]!]!)),
    source,
  }));
  return { ...node, blocks, diagonals };
}

function absorbInBlock(block: Block, factors: Float64Array): Block | undefined {
  const { rows, positions, taps, gather } = block;
  const weights = block.weights.slice();
  const column = new Int32Array(positions);
  for (let tap = 0; tap < taps; tap += 1) {
    for (let p = 0; p < positions; p += 1) column[p] = gather[p * taps + tap]!;
    const factor = commonFactor(column, factors);
    if (factor === undefined) return undefined;
    for (let row = 0; row < rows; row += 1) weights[row * taps + tap]! *= factor;
  }
  return { ...block, weights };
}
