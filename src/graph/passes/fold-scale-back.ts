import type { Block, FloatGraph, LinearNode } from '../float-graph.ts';
import { GraphRewriter } from '../rewriter.ts';
import { isUniformByRow, uniform } from '../uniform.ts';
import { analyzeUse, isBlockLinear, isScale, producersOf, type Use } from '../use.ts';

/**
 * Folds a scale (batch norm, a constant factor or summand) into the weights and biases of the layers it reads, if
 * nothing else reads them and every row has one factor. Biases are per output, so any summand can be folded.
 */
export function foldScaleBack(graph: FloatGraph): FloatGraph {
  const use = analyzeUse(graph);
  const scaled = new Map<number, LinearNode>();
  const folded = new Set<number>();
  for (const [index, node] of graph.nodes.entries()) {
    if (!isScale(node) || node.diagonals.length === 0 || !readsOnce(node, index, use)) continue;
    const layers = [...producersOf(use, node.diagonals[0]!.source)];
    if (layers.some((layer) => scaled.has(layer))) continue;
    const results = layers.map((layer) => scaleLayer(graph, use, layer, node));
    if (results.some((result) => result === undefined)) continue;
    for (const [k, layer] of layers.entries()) scaled.set(layer, results[k]!);
    folded.add(index);
  }
  if (folded.size === 0) return graph;
  const rewriter = new GraphRewriter(graph);
  for (const [index, node] of graph.nodes.entries()) {
    if (folded.has(index)) rewriter.bind(node, rewriter.translate((node as LinearNode).diagonals[0]!.source));
    else rewriter.keep(node, scaled.get(index) ?? node);
  }
  return rewriter.finish();
}

/** Whether this node reads each operand once and no other node reads it. */
function readsOnce(node: LinearNode, index: number, use: Use): boolean {
  return node.diagonals[0]!.source.every((id) => id >= 0 && use.reader[id] === index && use.reads[id] === 1);
}

function scaleLayer(graph: FloatGraph, use: Use, layer: number, scale: LinearNode): LinearNode | undefined {
  const node = graph.nodes[layer];
  if (!isBlockLinear(node)) return undefined;
  const factors = new Float64Array(node.count).fill(Number.NaN);
  const shifts = new Float64Array(node.count);
  const { weights, source } = scale.diagonals[0]!;
  for (let i = 0; i < source.length; i += 1) {
    const j = source[i]! - node.first;
    if (j < 0 || j >= node.count) continue;
    factors[j] = weights[i]!;
    shifts[j] = scale.bias[i]!;
  }
  const hasOtherReads = factors.some((factor, j) => Number.isNaN(factor) && use.reads[node.first + j]! > 0);
  if (hasOtherReads || !isUniformByRow(node, factors)) return undefined;
  return { ...scaleOutputs(node, factors, shifts), origin: [...node.origin, ...scale.origin] };
}

/**
 * factors · node + shifts, elementwise.
 *
 * @param factors one per output, the same at all positions of a row; NaN for "any"
 * @param shifts one per output
 */
export function scaleOutputs(node: LinearNode, factors: Float64Array, shifts: Float64Array): LinearNode {
  const factor = (j: number) => (Number.isNaN(factors[j]!) ? 1 : factors[j]!);
  let at = 0;
  const blocks = node.blocks.map((block) => {
    const first = at;
    at += block.rows * block.positions;
    return scaleRows(block, factors, first);
  });
  return {
    ...node,
    blocks,
    diagonals: node.diagonals.map(({ weights, source }) => ({
      weights: weights.map((w, j) => w * factor(j)),
      source,
    })),
    bias: node.bias.map((b, j) => b * factor(j) + shifts[j]!),
  };
}

function scaleRows(block: Block, factors: Float64Array, first: number): Block {
  const weights = block.weights.slice();
  for (let row = 0; row < block.rows; row += 1) {
    const factor = uniform(factors, first + row * block.positions, first + (row + 1) * block.positions)!;
    if (Number.isNaN(factor)) continue;
    for (let t = row * block.taps; t < (row + 1) * block.taps; t += 1) weights[t]! *= factor;
  }
  return { ...block, weights };
}
