import { type FloatGraph, type FloatNode, type LinearNode, type MaxNode, ZERO } from '../float-graph.ts';
import type { NewNode } from '../node-kind.ts';
import { isPooling } from '../pooling-sum.ts';
import { GraphRewriter } from '../rewriter.ts';
import { analyzeUse, isScale, producersOf, sourcesOf, type Use } from '../use.ts';

/**
 * Moves a scale that precedes an average or maximum (a batch norm between activation and pool) after the pool, where the
 * next layer can absorb it. Requires one factor per window, positive for a maximum, and no other reader of the scale.
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

/** The scale that the pool reads, if the pool reads nothing else and the scale has no other reader. */
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
  for (let id = scale.first; id < scale.first + scale.count; id += 1) {
    if (use.reads[id]! > 0 && use.reader[id] !== index) return undefined;
  }
  return producer;
}

function delay(node: FloatNode, scale: LinearNode) {
  const { source } = scale.diagonals[0]!;
  const gather = sourcesOf(node)[0]!;
  const taps = gather.length / node.count;
  const weights = new Float64Array(node.count);
  const bias = new Float64Array(node.count);
  for (let i = 0; i < node.count; i += 1) {
    const moved = scaleAfterPool(node, scale, gather.subarray(i * taps, (i + 1) * taps));
    if (moved === undefined) return undefined;
    weights[i] = moved.factor;
    bias[i] = moved.shift + (node.op === 'linear' ? node.bias[i]! * (1 - moved.factor) : 0);
  }
  const operands = gather.map((id) => (id < 0 ? id : source[id - scale.first]!));
  const pool = withOperands(node, operands);
  return { pool, scale: { ...scale, count: node.count, diagonals: [{ weights, source: operands }], bias } };
}

/** The scale of one window's result that replaces the scale of its operands; undefined if there is none. */
function scaleAfterPool(
  node: FloatNode,
  scale: LinearNode,
  window: Int32Array,
): { factor: number; shift: number } | undefined {
  const { weights, source } = scale.diagonals[0]!;
  const places = window.filter((id) => id >= 0).map((id) => id - scale.first);
  const [first] = places;
  if (first === undefined || !places.every((j) => weights[j] === weights[first] && source[j]! >= 0))
    return undefined;
  const factor = weights[first]!;
  if (node.op === 'linear') {
    const weight = node.blocks[0]!.weights[0]!;
    return { factor, shift: places.reduce((sum, j) => sum + weight * scale.bias[j]!, 0) };
  }
  const sameShift = places.every((j) => scale.bias[j] === scale.bias[first]);
  return factor > 0 && sameShift && !window.includes(ZERO)
    ? { factor, shift: scale.bias[first]! }
    : undefined;
}

function withOperands(node: FloatNode, operands: Int32Array): NewNode {
  if (node.op === 'linear') return { ...node, blocks: [{ ...node.blocks[0]!, gather: operands }] };
  return { ...(node as MaxNode), gather: operands };
}
