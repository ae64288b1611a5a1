import { type Block, type FloatGraph, type LinearNode, ZERO } from '../float-graph.ts';
import { GraphRewriter } from '../rewriter.ts';
import { uniform } from '../uniform.ts';
import { analyzeUse, isScale, type Use } from '../use.ts';

/**
 * Folds a scale (input normalization, batch norm after an activation) into the weights and biases of the layers that
 * read it, if every tap has one factor at all positions. Biases are per output, so zero padding stays exact.
 */
export function foldScaleForward(graph: FloatGraph): FloatGraph {
  const use = analyzeUse(graph);
  const folded = new Map<number, LinearNode>();
  for (const [index, node] of graph.nodes.entries()) {
    if (node.op !== 'linear') continue;
    const results = node.blocks.map((block) => foldBlock(graph, use, block));
    if (results.every((result) => result === undefined)) continue;
    const bias = node.bias.slice();
    const origin = new Set<string>();
    let at = 0;
    for (const [k, block] of node.blocks.entries()) {
      const result = results[k];
      if (result !== undefined) addShifts(bias, at, block, result.shifts);
      for (const name of result?.origin ?? []) origin.add(name);
      at += block.rows * block.positions;
    }
    const blocks = node.blocks.map((block, k) => results[k]?.block ?? block);
    folded.set(index, { ...node, origin: [...origin, ...node.origin], blocks, bias });
  }
  if (folded.size === 0) return graph;
  const rewriter = new GraphRewriter(graph);
  for (const [index, node] of graph.nodes.entries()) rewriter.keep(node, folded.get(index) ?? node);
  return rewriter.finish();
}

interface Folded {
  readonly block: Block;
  /** By place of `gather`: what the scale adds to the value. */
  readonly shifts: Float64Array;
  readonly origin: readonly string[];
}

function foldBlock(graph: FloatGraph, use: Use, block: Block): Folded | undefined {
  const { positions, taps } = block;
  const gather = block.gather.slice();
  const shifts = new Float64Array(gather.length);
  const factors = new Float64Array(gather.length).fill(Number.NaN);
  const scales = new Set<LinearNode>();
  for (let tap = 0; tap < taps; tap += 1) {
    for (let position = 0; position < positions; position += 1) {
      const i = position * taps + tap;
      const id = gather[i]!;
      if (id < 0) continue;
      const scale = graph.nodes[use.producer[id]!];
      if (!isScale(scale)) {
        factors[tap * positions + position] = 1;
        continue;
      }
      scales.add(scale);
      const [diagonal] = scale.diagonals;
      gather[i] = diagonal?.source[id - scale.first] ?? ZERO;
      shifts[i] = scale.bias[id - scale.first]!;
      if (gather[i]! >= 0) factors[tap * positions + position] = diagonal!.weights[id - scale.first]!;
    }
    if (uniform(factors, tap * positions, (tap + 1) * positions) === undefined) return undefined;
  }
  if (scales.size === 0) return undefined;
  const weights = scaleTaps(block, factors);
  return {
    block: { ...block, weights, gather },
    shifts,
    origin: [...scales].flatMap((scale) => scale.origin),
  };
}

/** @param factors [taps, positions], one factor per tap; NaN for "any" */
function scaleTaps({ rows, positions, taps, weights }: Block, factors: Float64Array): Float64Array {
  const out = weights.slice();
  for (let tap = 0; tap < taps; tap += 1) {
    const factor = uniform(factors, tap * positions, (tap + 1) * positions)!;
    if (Number.isNaN(factor) || factor === 1) continue;
    for (let row = 0; row < rows; row += 1) out[row * taps + tap]! *= factor;
  }
  return out;
}

/** bias += weights · shifts, with the weights before scaling. */
function addShifts(bias: Float64Array, first: number, block: Block, shifts: Float64Array): void {
  const { rows, positions, taps, weights } = block;
  if (shifts.every((shift) => shift === 0)) return;
  for (let row = 0; row < rows; row += 1) {
    for (let position = 0; position < positions; position += 1) {
      let sum = 0;
      for (let tap = 0; tap < taps; tap += 1)
        sum += weights[row * taps + tap]! * shifts[position * taps + tap]!;
      bias[first + row * positions + position]! += sum;
    }
  }
}
