import { type Diagonal, type FloatGraph, type LinearNode, ZERO } from '../float-graph.ts';
import { GraphRewriter } from '../rewriter.ts';
import { analyzeUse, type Use } from '../use.ts';

/**
 * Makes a diagonal that reads an elementwise linear node read that node's operands instead: a scale of a scale becomes
 * one scale, a sum of three becomes one node. A sum (several diagonals) is only inlined if nothing else reads it.
 */
export function mergeScales(graph: FloatGraph): FloatGraph {
  const use = analyzeUse(graph);
  const merged = new Map<number, LinearNode>();
  for (const [index, node] of graph.nodes.entries()) {
    if (node.op !== 'linear') continue;
    const inlined = node.diagonals.map((diagonal) => inlineDiagonal(graph, use, index, diagonal));
    if (inlined.every((result) => result === undefined)) continue;
    const bias = node.bias.slice();
    const diagonals: Diagonal[] = [];
    const origins = new Set<string>();
    for (const [k, result] of inlined.entries()) {
      diagonals.push(...(result?.diagonals ?? [node.diagonals[k]!]));
      result?.bias.forEach((value, i) => {
        bias[i]! += value;
      });
      for (const origin of result?.origin ?? []) origins.add(origin);
    }
    const useful = diagonals.filter(({ source }) => source.some((id) => id !== ZERO));
    merged.set(index, { ...node, origin: [...origins, ...node.origin], diagonals: useful, bias });
  }
  if (merged.size === 0) return graph;
  const rewriter = new GraphRewriter(graph);
  for (const [index, node] of graph.nodes.entries()) rewriter.keep(node, merged.get(index) ?? node);
  return rewriter.finish();
}

interface Inlined {
  readonly diagonals: readonly Diagonal[];
  readonly bias: Float64Array;
  readonly origin: readonly string[];
}

/** The diagonal rewritten to read the operands of its elementwise producers; undefined if it has none. */
function inlineDiagonal(
  graph: FloatGraph,
  use: Use,
  reader: number,
  { weights, source }: Diagonal,
): Inlined | undefined {
  const producers = Array.from(source, (id) => mergeableProducer(graph, use, reader, id));
  if (producers.every((producer) => producer === undefined)) return undefined;
  const terms = Math.max(...producers.map((producer) => producer?.diagonals.length ?? 1));
  const count = source.length;
  const diagonals = Array.from({ length: terms }, () => ({
    weights: new Float64Array(count),
    source: new Int32Array(count).fill(ZERO),
  }));
  const bias = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    const producer = producers[i];
    if (producer === undefined) {
      diagonals[0]!.weights[i] = weights[i]!;
      diagonals[0]!.source[i] = source[i]!;
      continue;
    }
    const j = source[i]! - producer.first;
    bias[i] = weights[i]! * producer.bias[j]!;
    for (const [k, term] of producer.diagonals.entries()) {
      diagonals[k]!.weights[i] = weights[i]! * term.weights[j]!;
      diagonals[k]!.source[i] = term.source[j]!;
    }
  }
  return { diagonals, bias, origin: [...new Set(producers)].flatMap((producer) => producer?.origin ?? []) };
}

function mergeableProducer(graph: FloatGraph, use: Use, reader: number, id: number): LinearNode | undefined {
  if (id < 0) return undefined;
  const producer = graph.nodes[use.producer[id]!];
  if (producer?.op !== 'linear' || producer.blocks.length > 0) return undefined;
  return producer.diagonals.length <= 1 || use.reader[id] === reader ? producer : undefined;
}
