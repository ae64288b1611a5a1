import type { Block, Diagonal, FloatGraph, LinearNode } from '../float-graph.ts';
import { GraphRewriter } from '../rewriter.ts';
import { isUniformByRow } from '../uniform.ts';
import { analyzeUse, isBlockLinear, type Use } from '../use.ts';
import { scaleOutputs } from './fold-scale-back.ts';

/**
 * Merges a sum of activations into a layer it reads, if nothing else reads that layer: a residual add becomes one more
 * diagonal of the preceding convolution and costs no constraint.
 */
export function mergeSums(graph: FloatGraph): FloatGraph {
  const use = analyzeUse(graph);
  const merges = new Map<number, Merge>();
  const absorbed = new Set<number>();
  for (const [index, node] of graph.nodes.entries()) {
    if (node.op !== 'linear' || node.blocks.length > 0 || node.diagonals.length < 2) continue;
    const merge = firstMerge(graph, use, index, node);
    if (merge === undefined) continue;
    merges.set(index, merge);
    for (const layer of merge.layers) absorbed.add(layer);
  }
  if (merges.size === 0) return graph;
  const rewriter = new GraphRewriter(graph);
  for (const [index, node] of graph.nodes.entries()) {
    if (absorbed.has(index)) continue;
    const merge = merges.get(index);
    if (merge === undefined) rewriter.keep(node);
    else {
      const first = rewriter.emit(rewriter.translated(merge.node));
      rewriter.bind(
        node,
        merge.place.map((j) => first + j),
      );
    }
  }
  return rewriter.finish();
}

interface Merge {
  readonly node: LinearNode;
  /** Indices of the layers it absorbs. */
  readonly layers: readonly number[];
  /** By output of the sum: its index among the outputs of the merged node. */
  readonly place: Int32Array;
}

function firstMerge(graph: FloatGraph, use: Use, index: number, sum: LinearNode): Merge | undefined {
  for (const [k, diagonal] of sum.diagonals.entries()) {
    const layer = absorbable(graph, use, index, diagonal);
    if (layer === undefined) continue;
    const place = diagonal.source.map((id) => id - layer.first);
    const others = sum.diagonals
      .filter((_, other) => other !== k)
      .map((other) => scatterDiagonal(place, other));
    const bias = scatter(place, sum.bias);
    const scaled = scaleOutputs(layer, scatter(place, diagonal.weights), bias);
    const layers = [use.producer[layer.first]!];
    let node = {
      ...scaled,
      diagonals: [...scaled.diagonals, ...others],
      origin: [...layer.origin, ...sum.origin],
    };
    for (const other of others) {
      const joined = joinParallel(graph, use, index, node, other);
      if (joined === undefined) continue;
      node = joined.node;
      layers.push(joined.layer);
    }
    return { node, layers, place };
  }
  return undefined;
}

/** The layer whose outputs are exactly what the diagonal reads, each once, with one factor per row. */
function absorbable(graph: FloatGraph, use: Use, index: number, diagonal: Diagonal): LinearNode | undefined {
  const { source, weights } = diagonal;
  const layer = source[0]! < 0 ? undefined : graph.nodes[use.producer[source[0]!]!];
  if (!isBlockLinear(layer) || layer.count !== source.length) return undefined;
  const isReadOnce = source.every((id) => {
    return (
      id >= layer.first && id < layer.first + layer.count && use.reader[id] === index && use.reads[id] === 1
    );
  });
  if (!isReadOnce) return undefined;
  const place = source.map((id) => id - layer.first);
  return isUniformByRow(layer, scatter(place, weights)) ? layer : undefined;
}

/** Joins the taps of a second layer of the same shape (the shortcut of a residual block) to those of the first. */
function joinParallel(graph: FloatGraph, use: Use, index: number, node: LinearNode, diagonal: Diagonal) {
  const other = absorbable(graph, use, index, diagonal);
  if (other === undefined || !node.diagonals.includes(diagonal)) return undefined;
  const aligned =
    diagonal.source.every((id, j) => id === other.first + j) &&
    other.blocks.length === node.blocks.length &&
    other.blocks.every(({ rows, positions }, b) => {
      return rows === node.blocks[b]!.rows && positions === node.blocks[b]!.positions;
    });
  if (!aligned) return undefined;
  const scaled = scaleOutputs(other, diagonal.weights, node.bias);
  const diagonals = [...node.diagonals.filter((each) => each !== diagonal), ...scaled.diagonals];
  const blocks = node.blocks.map((block, b) => joinTaps(block, scaled.blocks[b]!));
  const joined = { ...node, blocks, diagonals, bias: scaled.bias, origin: [...node.origin, ...other.origin] };
  return { node: joined, layer: use.producer[other.first]! };
}

function joinTaps(a: Block, b: Block): Block {
  const { rows, positions } = a;
  const taps = a.taps + b.taps;
  const weights = new Float64Array(rows * taps);
  const gather = new Int32Array(positions * taps);
  for (let row = 0; row < rows; row += 1) {
    weights.set(a.weights.subarray(row * a.taps, (row + 1) * a.taps), row * taps);
    weights.set(b.weights.subarray(row * b.taps, (row + 1) * b.taps), row * taps + a.taps);
  }
  for (let p = 0; p < positions; p += 1) {
    gather.set(a.gather.subarray(p * a.taps, (p + 1) * a.taps), p * taps);
    gather.set(b.gather.subarray(p * b.taps, (p + 1) * b.taps), p * taps + a.taps);
  }
  return { rows, positions, taps, weights, gather };
}

/** Moves element i to place[i]. */
function scatter<A extends Int32Array | Float64Array>(place: Int32Array, values: A): A {
  const out = values.slice() as A;
  for (let i = 0; i < place.length; i += 1) out[place[i]!] = values[i]!;
  return out;
}

function scatterDiagonal(place: Int32Array, { weights, source }: Diagonal): Diagonal {
  return { weights: scatter(place, weights), source: scatter(place, source) };
}
