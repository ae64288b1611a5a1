import type { Block, FloatGraph, LinearNode } from '../float-graph.ts';
import { isPooling } from '../pooling-sum.ts';
import { GraphRewriter } from '../rewriter.ts';
import { analyzeUse, isBlockLinear, type Use } from '../use.ts';

/** The composed layer may need up to this many times the multiplications of the two layers. */
const MAX_GROWTH = 1.1;

/**
 * Composes a linear layer with the linear layer it reads into one layer, if each of its positions reads a single
 * position of the other (dense after dense, 1×1 convolutions) and the product needs hardly more multiplications.
 * Average pools are not composed: their sums are exact, and the product would have long rows.
 */
export function composeLayers(graph: FloatGraph): FloatGraph {
  const use = analyzeUse(graph);
  const composed = new Map<number, LinearNode>();
  const absorbed = new Set<number>();
  for (const [index, node] of graph.nodes.entries()) {
    if (!isBlockLinear(node) || node.blocks.length !== 1 || node.diagonals.length > 0) continue;
    const before = use.producer[Math.max(0, node.blocks[0]!.gather[0]!)]!;
    if (composed.has(before)) continue;
    const result = compose(graph, use, index, before);
    if (result === undefined) continue;
    composed.set(index, result);
    absorbed.add(before);
  }
  if (absorbed.size === 0) return graph;
  const rewriter = new GraphRewriter(graph);
  for (const [index, node] of graph.nodes.entries()) {
    if (!absorbed.has(index)) rewriter.keep(node, composed.get(index) ?? node);
  }
  return rewriter.finish();
}

function compose(graph: FloatGraph, use: Use, index: number, before: number): LinearNode | undefined {
  const [first, second] = [graph.nodes[before], graph.nodes[index] as LinearNode];
  if (!isBlockLinear(first) || first.blocks.length !== 1 || first.diagonals.length > 0) return undefined;
  const [a, b] = [first.blocks[0]!, second.blocks[0]!];
  const cost = a.weights.length * a.positions + b.weights.length * b.positions;
  if (isPooling(a) || b.rows * b.positions * a.taps > MAX_GROWTH * cost) return undefined;
  for (let id = first.first; id < first.first + first.count; id += 1) {
    if (use.reads[id]! > 0 && use.reader[id] !== index) return undefined;
  }
  const match = matchPositions(a, b, first.first);
  if (match === undefined) return undefined;
  const origin = [...first.origin, ...second.origin];
  return { ...second, origin, blocks: [product(a, b, match)], bias: composeBias(first, second, match) };
}

interface Match {
  /** By tap of the second layer: the row of the first layer that it reads. */
  readonly row: Int32Array;
  /** By position of the second layer: the position of the first layer that it reads. */
  readonly position: Int32Array;
}

function matchPositions(a: Block, b: Block, first: number): Match | undefined {
  const row = new Int32Array(b.taps);
  const position = new Int32Array(b.positions);
  for (let p = 0; p < b.positions; p += 1) {
    for (let tap = 0; tap < b.taps; tap += 1) {
      const at = b.gather[p * b.taps + tap]! - first;
      if (at < 0 || at >= a.rows * a.positions) return undefined;
      if (tap === 0) position[p] = at % a.positions;
      if (p === 0) row[tap] = Math.floor(at / a.positions);
      if (at !== row[tap]! * a.positions + position[p]!) return undefined;
    }
  }
  return { row, position };
}

function product(a: Block, b: Block, { row, position }: Match): Block {
  const weights = new Float64Array(b.rows * a.taps);
  for (let r = 0; r < b.rows; r += 1) {
    for (let tap = 0; tap < b.taps; tap += 1) {
      const factor = b.weights[r * b.taps + tap]!;
      for (let t = 0; t < a.taps; t += 1)
        weights[r * a.taps + t]! += factor * a.weights[row[tap]! * a.taps + t]!;
    }
  }
  const gather = new Int32Array(b.positions * a.taps);
  for (let p = 0; p < b.positions; p += 1) {
    gather.set(a.gather.subarray(position[p]! * a.taps, (position[p]! + 1) * a.taps), p * a.taps);
  }
  return { rows: b.rows, positions: b.positions, taps: a.taps, weights, gather };
}

function composeBias(first: LinearNode, second: LinearNode, { row, position }: Match): Float64Array {
  const [a, b] = [first.blocks[0]!, second.blocks[0]!];
  return second.bias.map((bias, i) => {
    const [r, p] = [Math.floor(i / b.positions), i % b.positions];
    let sum = bias;
    for (let tap = 0; tap < b.taps; tap += 1) {
      sum += b.weights[r * b.taps + tap]! * first.bias[row[tap]! * a.positions + position[p]!]!;
    }
    return sum;
  });
}
