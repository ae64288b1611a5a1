import type { FloatGraph, FloatNode, LinearNode } from '../float-graph.ts';
import { kindOf } from '../node-kinds.ts';
import { isPooling } from '../pooling-sum.ts';
import { countValues } from '../use.ts';

/**
 * Replaces a mean over k values by a sum with weights 1, which is exact over the integers, and moves its factor 1/k into
 * the weights of the next layer. The positive factor commutes with the maxima and homogeneous activations between them:
 * f(x / k) = f(x) / k. The mean stays if its factor would reach an output, any other activation, or a tap or window
 * with different factors.
 */
export function pushPoolFactors(graph: FloatGraph): FloatGraph {
  let nodes: readonly FloatNode[] = graph.nodes;
  for (let index = 0; index < nodes.length; index += 1) {
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
  /** By value: the factor that it now lacks; multiplying by it gives the original value. */
  const factors = new Float64Array(countValues(graph)).fill(1);
  const result = [...nodes];
  result[index] = withoutFactor(mean, factors);
  for (let k = index + 1; k < nodes.length; k += 1) {
    const changed = kindOf(nodes[k]!).withoutFactors(nodes[k]!, factors);
    if (changed === undefined) return undefined;
    result[k] = changed;
  }
  const isFactored = graph.outputs.some(({ values }) => values.some((id) => factors[id] !== 1));
  return isFactored ? undefined : result;
}

/** The sum that replaces the mean; records its factors. */
function withoutFactor(node: LinearNode, factors: Float64Array): LinearNode {
  const bias = node.bias.slice();
  let at = 0;
  const blocks = node.blocks.map((block) => {
    const factor = block.weights[0]!;
    for (const end = at + block.positions; at < end; at += 1) {
      factors[node.first + at] = factor;
      bias[at]! /= factor;
    }
    return { ...block, weights: new Float64Array(block.taps).fill(1) };
  });
  return { ...node, blocks, bias };
}
