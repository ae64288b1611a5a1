import { type FloatGraph, type FloatNode, type LinearNode, ZERO } from '../float-graph.ts';
import { GraphRewriter, type NewNode } from '../rewriter.ts';
import { analyzeUse, isScale, producersOf, sourcesOf, type Use } from '../use.ts';
import { isPooling } from './pooling-sum.ts';

/**
 * A scale before an average or maximum (a batch norm between rectifier and pool) moves behind it, where the next
 * layer can take it in: when each window has one factor, for maxima a positive one, and nobody else reads the scale.
 */
export function delayScales(graph: FloatGraph): FloatGraph {
  const use = analyzeUse(graph);
  const delayed = new Map<number, { pool: NewNode; scale: Omit<LinearNode, 'first'> }>();
  const gone = new Set<number>();
  for (const [index, node] of graph.nodes.entries()) {
    const producer = soleScale(graph, use, index, node);
    if (producer === undefined || gone.has(producer)) continue;
    const result = delay(node, graph.nodes[producer] as LinearNode);
    if (result === undefined) continue;
    delayed.set(index, result);
    gone.add(producer);
  }
  if (delayed.size === 0) return graph;
  const rewriter = new GraphRewriter(graph);
  for (const [index, node] of graph.nodes.entries()) {
    const pair = delayed.get(index);
    if (gone.has(index)) continue;
    if (pair === undefined) {
      rewriter.keep(node);
      continue;
    }
    const first = rewriter.emit(rewriter.translated(pair.pool));
    const source = Int32Array.from({ length: node.count }, (_, i) => first + i);
    rewriter.bindRange(
      node,
      rewriter.emit({ ...pair.scale, diagonals: [{ ...pair.scale.diagonals[0]!, source }] }),
    );
  }
  return rewriter.finish();
}

/** The scale a pool reads, where it reads nothing else and nobody else reads it. */
function soleScale(graph: FloatGraph, use: Use, index: number, node: FloatNode): number | undefined {
  const pool =
    node.op === 'max' ||
    (node.op === 'linear' &&
      node.diagonals.length === 0 &&
      node.blocks.length === 1 &&
      isPooling(node.blocks[0]!));
  if (!pool) return undefined;
  const [producer = -1, ...more] = producersOf(use, sourcesOf(node)[0]!);
  const scale = graph.nodes[producer];
  if (!isScale(scale) || scale.diagonals.length === 0 || more.length > 0) return undefined;
  for (let id = scale.first; id < scale.first + scale.count; id++) {
    if (use.reads[id]! > 0 && use.reader[id] !== index) return undefined;
  }
  return producer;
}

function delay(node: FloatNode, scale: LinearNode) {
  const { weights, source } = scale.diagonals[0]!;
  const gather = sourcesOf(node)[0]!;
  const taps = gather.length / node.count;
  const operands = gather.map((id) => (id < 0 ? id : source[id - scale.first]!));
  const factors = new Float64Array(node.count);
  const bias = new Float64Array(node.count);
  const isMax = node.op === 'max';
  for (let i = 0; i < node.count; i++) {
    const window = gather.subarray(i * taps, (i + 1) * taps).filter((id) => id >= 0);
    const [first] = window;
    if (first === undefined) return undefined;
    factors[i] = weights[first - scale.first]!;
    const shift = scale.bias[first - scale.first]!;
    const fits = window.every((id) => {
      const sameShift = !isMax || scale.bias[id - scale.first] === shift;
      return weights[id - scale.first] === factors[i] && sameShift && source[id - scale.first]! >= 0;
    });
    const padded = gather.subarray(i * taps, (i + 1) * taps).includes(ZERO);
    if (!fits || (isMax && (factors[i]! <= 0 || padded))) return undefined;
    if (node.op === 'linear') {
      const weight = node.blocks[0]!.weights[0]!;
      bias[i] = node.bias[i]! * (1 - factors[i]!);
      for (const id of window) bias[i]! += weight * scale.bias[id - scale.first]!;
    } else bias[i] = shift;
  }
  const pool: NewNode = isMax
    ? { ...node, gather: operands }
    : { ...(node as LinearNode), blocks: [{ ...(node as LinearNode).blocks[0]!, gather: operands }] };
  return {
    pool,
    scale: { ...scale, count: node.count, diagonals: [{ weights: factors, source: operands }], bias },
  };
}
