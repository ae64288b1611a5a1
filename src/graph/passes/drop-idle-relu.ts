import type { ActivationFunction, FloatGraph, FloatNode, LinearNode } from '../float-graph.ts';
import { GraphRewriter } from '../rewriter.ts';
import { countValues } from '../use.ts';

/** A rectifier over values that cannot be negative (relu of an average of relus) does nothing and goes away. */
export function dropIdleRelu(graph: FloatGraph): FloatGraph {
  /** 1 for values that are never negative; nothing is known of the input. */
  const positive = new Uint8Array(countValues(graph));
  const idle = new Set<FloatNode>();
  for (const node of graph.nodes) {
    if (node.op === 'activation' && node.fn.kind !== 'clip' && allPositive(node.source, positive))
      idle.add(node);
    notePositive(node, positive);
  }
  if (idle.size === 0) return graph;
  const rewriter = new GraphRewriter(graph);
  for (const node of graph.nodes) {
    if (node.op === 'activation' && idle.has(node) && node.source.every((id) => id >= 0)) {
      rewriter.bind(node, rewriter.translate(node.source));
    } else rewriter.keep(node);
  }
  return rewriter.finish();
}

const allPositive = (ids: Int32Array, positive: Uint8Array): boolean =>
  ids.every((id) => id < 0 || positive[id] === 1);

function notePositive(node: FloatNode, positive: Uint8Array): void {
  if (node.op === 'linear') {
    if (isPositive(node, positive)) positive.fill(1, node.first, node.first + node.count);
    return;
  }
  for (let i = 0; i < node.count; i++) {
    // One tap that is never negative is enough for a maximum.
    const window =
      node.op === 'max'
        ? node.gather.subarray(i * node.taps, (i + 1) * node.taps)
        : node.source.subarray(i, i + 1);
    const sure =
      node.op === 'max'
        ? window.some((id) => id === -1 || positive[id] === 1)
        : allPositive(window, positive);
    const rectified = node.op === 'activation' && neverNegative(node.fn);
    positive[node.first + i] =
      (sure && !(node.op === 'activation' && canLower(node.fn))) || rectified ? 1 : 0;
  }
}

const neverNegative = (fn: ActivationFunction): boolean =>
  fn.kind === 'relu' || (fn.kind === 'clip' && fn.min >= 0);
const canLower = (fn: ActivationFunction): boolean => fn.kind === 'clip' && fn.max < 0;

function isPositive(node: LinearNode, positive: Uint8Array): boolean {
  const weights = [...node.blocks, ...node.diagonals].every((part) =>
    part.weights.every((weight) => weight >= 0),
  );
  const sources = [...node.blocks.map(({ gather }) => gather), ...node.diagonals.map(({ source }) => source)];
  return (
    weights && node.bias.every((bias) => bias >= 0) && sources.every((ids) => allPositive(ids, positive))
  );
}
