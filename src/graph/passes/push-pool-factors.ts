import { factsOf } from '../activation-facts.ts';
import type { Block, FloatGraph, FloatNode, LinearNode } from '../float-graph.ts';
import { countValues, uniform } from '../use.ts';
import { isPooling } from './pooling-sum.ts';

/**
 * A mean becomes a sum with weights 1, which is exact over the integers; its factor 1/k moves into the weights of the
 * next layer. On the way there may be maxima and homogeneous activations, which let a positive factor pass:
 * f(x / k) = f(x) / k. Where the factor would reach an output, another activation, or taps with different factors, the
 * mean stays.
 */
export function pushPoolFactors(graph: FloatGraph): FloatGraph {
  let nodes: readonly FloatNode[] = graph.nodes;
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index]!;
    if (node.op === 'linear' && isMean(node)) nodes = pushFrom(graph, nodes, index) ?? nodes;
  }
  return nodes === graph.nodes ? graph : { ...graph, nodes };
}

function isMean(node: LinearNode): boolean {
  const pools = node.diagonals.length === 0 && node.blocks.length > 0 && node.blocks.every(isPooling);
  return pools && node.blocks.some((block) => block.weights[0] !== 1);
}

function pushFrom(graph: FloatGraph, nodes: readonly FloatNode[], index: number): FloatNode[] | undefined {
  const mean = nodes[index] as LinearNode;
  /** What each value has to be multiplied with to be what it was. */
  const factors = new Float64Array(countValues(graph)).fill(1);
  const result = [...nodes];
  result[index] = withoutFactor(mean, factors);
  for (let k = index + 1; k < nodes.length; k++) {
    const changed = pushThrough(nodes[k]!, factors);
    if (changed === undefined) return undefined;
    result[k] = changed;
  }
  return graph.output.values.some((id) => factors[id] !== 1) ? undefined : result;
}

/** The sum in place of the mean; notes the factors. */
function withoutFactor(node: LinearNode, factors: Float64Array): LinearNode {
  const bias = node.bias.slice();
  let at = 0;
  const blocks = node.blocks.map((block) => {
    const factor = block.weights[0]!;
    for (const end = at + block.positions; at < end; at++) {
      factors[node.first + at] = factor;
      bias[at]! /= factor;
    }
    return { ...block, weights: new Float64Array(block.taps).fill(1) };
  });
  return { ...node, blocks, bias };
}

/** The node for operands that lack their factors; notes the factors it lets pass. Undefined where it cannot. */
function pushThrough(node: FloatNode, factors: Float64Array): FloatNode | undefined {
  if (node.op === 'linear') return absorb(node, factors);
  if (node.op === 'max') {
    for (let i = 0; i < node.count; i++) {
      const window = node.gather.subarray(i * node.taps, (i + 1) * node.taps);
      const factor = commonFactor(window, factors);
      if (factor === undefined) return undefined;
      factors[node.first + i] = factor;
    }
    return node;
  }
  const { isHomogeneous } = factsOf(node.fn);
  for (let i = 0; i < node.count; i++) {
    const factor = node.source[i]! < 0 ? 1 : factors[node.source[i]!]!;
    if (factor !== 1 && !isHomogeneous) return undefined;
    factors[node.first + i] = factor;
  }
  return node;
}

function absorb(node: LinearNode, factors: Float64Array): LinearNode | undefined {
  const touched = [
    ...node.blocks.map((block) => block.gather),
    ...node.diagonals.map(({ source }) => source),
  ];
  if (touched.every((ids) => ids.every((id) => id < 0 || factors[id] === 1))) return node;
  const blocks: Block[] = [];
  for (const block of node.blocks) {
    const scaled = absorbBlock(block, factors);
    if (scaled === undefined) return undefined;
    blocks.push(scaled);
  }
  const diagonals = node.diagonals.map(({ weights, source }) => ({
    weights: weights.map((weight, i) => (source[i]! < 0 ? weight : weight * factors[source[i]!]!)),
    source,
  }));
  return { ...node, blocks, diagonals };
}

function absorbBlock(block: Block, factors: Float64Array): Block | undefined {
  const { rows, positions, taps, gather } = block;
  const weights = block.weights.slice();
  const column = new Int32Array(positions);
  for (let tap = 0; tap < taps; tap++) {
    for (let p = 0; p < positions; p++) column[p] = gather[p * taps + tap]!;
    const factor = commonFactor(column, factors);
    if (factor === undefined) return undefined;
    for (let row = 0; row < rows; row++) weights[row * taps + tap]! *= factor;
  }
  return { ...block, weights };
}

/** The factor all these values lack; 1 where there is none, undefined where they differ. */
function commonFactor(ids: Int32Array, factors: Float64Array): number | undefined {
  const found = Float64Array.from(ids, (id) => (id < 0 ? Number.NaN : factors[id]!));
  const factor = uniform(found, 0, found.length);
  return Number.isNaN(factor) ? 1 : factor;
}
