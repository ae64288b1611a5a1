import type { Block, LinearNode } from '../float-graph.ts';
import type { Shrunk } from '../node-kind.ts';
import { pick, pickRuns, placesOf } from './pick.ts';

/** Drops elements of a node without blocks; rows and positions of blocks that no needed output reads. */
export function shrinkLinear(node: LinearNode, needed: Uint8Array): Shrunk {
  if (node.blocks.length > 0) return shrinkBlocks(node, needed);
  const places = placesOf(needed);
  return { node: { ...node, count: places.length, ...pickDiagonals(node, places) }, places };
}

function shrinkBlocks(node: LinearNode, needed: Uint8Array): Shrunk {
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
