import type { Block, FloatGraph, FloatNode, LinearNode } from '../float-graph.ts';
import { GraphRewriter, type NewNode, UNBOUND } from '../rewriter.ts';
import { countValues, sourcesOf } from '../use.ts';

/** Drops everything that no output depends on: nodes, single elements, and rows or positions of blocks. */
export function removeUnused(graph: FloatGraph): FloatGraph {
  const needed = new Uint8Array(countValues(graph));
  for (const id of graph.output.values) needed[id] = 1;
  const kept = new Map<FloatNode, { node: NewNode; places: Int32Array }>();
  for (const node of graph.nodes.toReversed()) {
    const slim = shrink(node, needed.subarray(node.first, node.first + node.count));
    if (slim === undefined) continue;
    kept.set(node, slim);
    for (const ids of sourcesOf(slim.node as FloatNode)) for (const id of ids) if (id >= 0) needed[id] = 1;
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

/** The node without its unneeded outputs, and the old indices of the outputs that stay; undefined if none do. */
function shrink(node: FloatNode, needed: Uint8Array): { node: NewNode; places: Int32Array } | undefined {
  if (!needed.includes(1)) return undefined;
  if (node.op === 'linear' && node.blocks.length > 0) return shrinkBlocks(node, needed);
  const places = placesOf(needed);
  const base = { ...node, count: places.length };
  if (base.op === 'max')
    return { node: { ...base, gather: pickRuns(base.gather, places, base.taps) }, places };
  if (base.op === 'activation') return { node: { ...base, source: pick(base.source, places) }, places };
  return { node: { ...base, ...pickDiagonals(base, places) }, places };
}

function shrinkBlocks(node: LinearNode, needed: Uint8Array): { node: NewNode; places: Int32Array } {
  const blocks: Block[] = [];
  const places: number[] = [];
  let at = 0;
  for (const block of node.blocks) {
    const { positions, taps } = block;
    const [rows, columns] = neededRowsAndPositions(block, needed.subarray(at, at + block.rows * positions));
    for (const row of rows) for (const column of columns) places.push(at + row * positions + column);
    at += block.rows * positions;
    if (rows.length === 0) continue;
    blocks.push({
      rows: rows.length,
      positions: columns.length,
      taps,
      weights: pickRuns(block.weights, rows, taps),
      gather: pickRuns(block.gather, columns, taps),
    });
  }
  const kept = Int32Array.from(places);
  return { node: { ...node, count: kept.length, blocks, ...pickDiagonals(node, kept) }, places: kept };
}

/** Rows with at least one needed position, and positions with at least one needed row. */
function neededRowsAndPositions({ rows, positions }: Block, needed: Uint8Array): [Int32Array, Int32Array] {
  const byRow = new Uint8Array(rows);
  const byPosition = new Uint8Array(positions);
  for (let i = 0; i < needed.length; i += 1) {
    if (needed[i] !== 1) continue;
    byRow[Math.floor(i / positions)] = 1;
    byPosition[i % positions] = 1;
  }
  return [placesOf(byRow), placesOf(byPosition)];
}

function pickDiagonals(node: LinearNode, places: Int32Array): Pick<LinearNode, 'diagonals' | 'bias'> {
  const diagonals = node.diagonals.map(({ weights, source }) => {
    return { weights: pick(weights, places), source: pick(source, places) };
  });
  return { diagonals, bias: pick(node.bias, places) };
}

function placesOf(flags: Uint8Array): Int32Array {
  const places: number[] = [];
  for (let i = 0; i < flags.length; i += 1) if (flags[i] === 1) places.push(i);
  return Int32Array.from(places);
}

function pick<A extends Int32Array | Float64Array>(from: A, places: Int32Array): A {
  return pickRuns(from, places, 1);
}

/** Takes the given runs of `length` elements each; `runs` are indices in units of runs. */
function pickRuns<A extends Int32Array | Float64Array>(from: A, runs: Int32Array, length: number): A {
  const out = from.slice(0, runs.length * length) as A;
  for (let r = 0; r < runs.length; r += 1) {
    for (let i = 0; i < length; i += 1) out[r * length + i] = from[runs[r]! * length + i]!;
  }
  return out;
}
