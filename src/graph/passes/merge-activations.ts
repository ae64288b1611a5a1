import { keepsZero } from '../activation-function.ts';
import { type ActivationFunction, type ActivationNode, type FloatGraph, ZERO } from '../float-graph.ts';
import { GraphRewriter } from '../rewriter.ts';
import { analyzeUse, producersOf, type Use } from '../use.ts';

/** A rectifier or clip right after another, which nobody else reads, becomes one: Relu then Clip, relu of relu. */
export function mergeActivations(graph: FloatGraph): FloatGraph {
  const use = analyzeUse(graph);
  const merged = new Map<number, ActivationNode>();
  for (const [index, node] of graph.nodes.entries()) {
    if (node.op !== 'activation') continue;
    const inner = innerActivation(graph, use, index, node);
    const fn = inner && composeFunctions(node.fn, inner.fn);
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
  if (node.source.includes(ZERO) && !keepsZero(inner.fn)) return undefined;
  for (let id = inner.first; id < inner.first + inner.count; id++) {
    if (use.reads[id]! > 0 && use.reader[id] !== index) return undefined;
  }
  return inner;
}

/** outer ∘ inner, where it is of a known kind. Leaky slopes are never negative, so they keep signs. */
function composeFunctions(
  outer: ActivationFunction,
  inner: ActivationFunction,
): ActivationFunction | undefined {
  if (inner.kind === 'leaky-relu') {
    if (outer.kind === 'leaky-relu') return { kind: 'leaky-relu', alpha: outer.alpha * inner.alpha };
    return outer.kind === 'relu' || outer.min >= 0 ? outer : undefined;
  }
  const [low, high] = boundsOf(inner);
  if (outer.kind === 'leaky-relu') return low >= 0 ? inner : undefined;
  const [min, max] = boundsOf(outer);
  const clamp = (value: number) => Math.min(Math.max(value, min), max);
  return asFunction(clamp(low), clamp(high));
}

function boundsOf(fn: ActivationFunction & { kind: 'relu' | 'clip' }): [number, number] {
  return fn.kind === 'relu' ? [0, Infinity] : [fn.min, fn.max];
}

function asFunction(min: number, max: number): ActivationFunction {
  return min === 0 && max === Infinity ? { kind: 'relu' } : { kind: 'clip', min, max };
}
