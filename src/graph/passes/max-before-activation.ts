import { factsOf } from '../activation-facts.ts';
import { type ActivationNode, type FloatGraph, type MaxNode, ZERO } from '../float-graph.ts';
import { GraphRewriter } from '../rewriter.ts';
import { analyzeUse, producersOf, type Use } from '../use.ts';

/**
 * Moves a maximum before the activation f that it reads, so that f is applied once per window. Correct if f is
 * non-decreasing: f(max(x, y)) = max(f(x), f(y)). Padding zeros, which were after f and are now before it, require
 * f(0) = 0. Not done for overlapping windows, whose maxima over wider values would cost more than they save.
 */
export function maxBeforeActivation(graph: FloatGraph): FloatGraph {
  const use = analyzeUse(graph);
  const swaps = new Map<number, ActivationNode>();
  const gone = new Set<number>();
  for (const [index, node] of graph.nodes.entries()) {
    if (node.op !== 'max') continue;
    const activation = soleActivation(graph, use, index, node);
    if (activation === undefined) continue;
    swaps.set(index, activation);
    gone.add(use.producer[activation.first]!);
  }
  if (swaps.size === 0) return graph;
  const rewriter = new GraphRewriter(graph);
  for (const [index, node] of graph.nodes.entries()) {
    if (gone.has(index)) continue;
    const activation = swaps.get(index);
    if (activation === undefined || node.op !== 'max') rewriter.keep(node);
    else swap(rewriter, node, activation);
  }
  return rewriter.finish();
}

function soleActivation(
  graph: FloatGraph,
  use: Use,
  index: number,
  node: MaxNode,
): ActivationNode | undefined {
  const [producer, ...more] = producersOf(use, node.gather);
  const activation = graph.nodes[producer ?? -1];
  if (activation?.op !== 'activation' || more.length > 0) return undefined;
  const { isMonotone, fixesZero } = factsOf(activation.fn);
  if (!isMonotone || (node.gather.includes(ZERO) && !fixesZero)) return undefined;
  for (let id = activation.first; id < activation.first + activation.count; id += 1) {
    if (use.reads[id]! > 1 || (use.reads[id] === 1 && use.reader[id] !== index)) return undefined;
  }
  return activation;
}

function swap(rewriter: GraphRewriter, node: MaxNode, activation: ActivationNode): void {
  const operands = node.gather.map((id) => (id < 0 ? id : activation.source[id - activation.first]!));
  const first = rewriter.emit({ ...node, gather: rewriter.translate(operands) });
  const source = Int32Array.from({ length: node.count }, (_, i) => first + i);
  rewriter.bindRange(node, rewriter.emit({ ...activation, count: node.count, source }));
}
