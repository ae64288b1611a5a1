import { composeActivations, factsOf } from '../activation-facts.ts';
import { type ActivationNode, type FloatGraph, ZERO } from '../float-graph.ts';
import { GraphRewriter } from '../rewriter.ts';
import { analyzeUse, producersOf, type Use } from '../use.ts';

/**
 * An activation right after another, which nobody else reads, becomes one with it where their composition is one: Relu
 * then Clip, relu of relu. Zeros between them never went through the inner one, so it must fix zero where there are any.
 */
export function mergeActivations(graph: FloatGraph): FloatGraph {
  const use = analyzeUse(graph);
  const merged = new Map<number, ActivationNode>();
  for (const [index, node] of graph.nodes.entries()) {
    if (node.op !== 'activation') continue;
    const inner = innerActivation(graph, use, index, node);
    const fn = inner && composeActivations(node.fn, inner.fn);
    if (!fn || merged.has(use.producer[inner.first]!)) continue;
    const source = node.source.map((id) => (id < 0 ? id : inner.source[id - inner.first]!));
    merged.set(index, { ...node, name: inner.name, origin: [...inner.origin, ...node.origin], fn, source });
  }
  if (merged.size === 0) return graph;
  const rewriter = new GraphRewriter(graph);
  const gone = new Set([...merged.keys()].map((index) => innerIndex(graph, use, index)));
  for (const [index, node] of graph.nodes.entries()) {
    if (!gone.has(index)) rewriter.keep(node, merged.get(index) ?? node);
  }
  return rewriter.finish();
}

function innerIndex(graph: FloatGraph, use: Use, index: number): number {
  const [inner = -1] = producersOf(use, (graph.nodes[index] as ActivationNode).source);
  return inner;
}

function innerActivation(
  graph: FloatGraph,
  use: Use,
  index: number,
  node: ActivationNode,
): ActivationNode | undefined {
  const [producer, ...more] = producersOf(use, node.source);
  const inner = graph.nodes[producer ?? -1];
  if (inner?.op !== 'activation' || more.length > 0) return undefined;
  if (node.source.includes(ZERO) && !factsOf(inner.fn).fixesZero) return undefined;
  for (let id = inner.first; id < inner.first + inner.count; id++) {
    if (use.reads[id]! > 0 && use.reader[id] !== index) return undefined;
  }
  return inner;
}
