import { factsOf } from '../activation-facts.ts';
import { type ActivationNode, type FloatGraph, type MaxNode, ZERO } from '../float-graph.ts';
import { GraphRewriter } from '../rewriter.ts';
import { analyzeUse, producersOf, type Use } from '../use.ts';

/**
 * The maximum of rectified values is the rectified maximum, and that rectifies one value a window. Right for every
 * activation that never decreases: f(max(x, y)) = max(f(x), f(y)); zeros among the x, once behind f and now before it,
 * must be zeros to both. Only where windows do not overlap: else the maxima, now over wide values, would cost more.
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
  for (let id = activation.first; id < activation.first + activation.count; id++) {
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
