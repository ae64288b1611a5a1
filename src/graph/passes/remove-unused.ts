import type { FloatGraph, FloatNode } from '../float-graph.ts';
import type { Shrunk } from '../node-kind.ts';
import { kindOf } from '../node-kinds.ts';
import { GraphRewriter, UNBOUND } from '../rewriter.ts';
import { countValues, sourcesOf } from '../use.ts';

/** Drops everything that no output depends on: nodes, single elements, and rows or positions of blocks. */
export function removeUnused(graph: FloatGraph): FloatGraph {
  const needed = new Uint8Array(countValues(graph));
  for (const { values } of graph.outputs) for (const id of values) needed[id] = 1;
  const kept = new Map<FloatNode, Shrunk>();
  for (const node of graph.nodes.toReversed()) {
    const own = needed.subarray(node.first, node.first + node.count);
    if (!own.includes(1)) continue;
    const slim = kindOf(node).shrink(node, own);
    kept.set(node, slim);
    for (const ids of sourcesOf(slim.node)) for (const id of ids) if (id >= 0) needed[id] = 1;
  }
  const whole = graph.nodes.every((node) => kept.get(node)?.places.length === node.count);
  if (whole) return graph;
  const rewriter = new GraphRewriter(graph);
  for (const node of graph.nodes) {
    const slim = kept.get(node);
    if (slim === undefined) continue;
    const first = rewriter.emit(rewriter.translated(slim.node));
    const ids = new Int32Array(node.count).fill(UNBOUND);
    for (const [i, place] of slim.places.entries()) ids[place] = first + i;
    rewriter.bind(node, ids);
  }
  return rewriter.finish();
}
