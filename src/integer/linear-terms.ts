import { ZERO } from '../graph/float-graph.ts';
import type { IntegerBlock, IntegerLinear } from './integer-graph.ts';

/** Visits the terms of one output of a linear node: the value read, and its weight. */
export type VisitTerms = (index: number, visit: (id: number, weight: number) => void) => void;

export function linearTerms({ blocks, diagonals }: IntegerLinear): VisitTerms {
  const starts: number[] = [];
  let next = 0;
  for (const { rows, positions } of blocks) {
    starts.push(next);
    next += rows * positions;
  }
  return (index, visit) => {
    if (blocks.length > 0) {
      const at = blockAt(starts, index);
      eachTap(blocks[at]!, index - starts[at]!, visit);
    }
    for (const { weights, source } of diagonals) {
      if (source[index]! !== ZERO && weights[index] !== 0) visit(source[index]!, weights[index]!);
    }
  };
}

/** The last block that starts at or before an output. */
function blockAt(starts: readonly number[], index: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

function eachTap(block: IntegerBlock, own: number, visit: (id: number, weight: number) => void): void {
  const { positions, taps, weights, gather } = block;
  const row = Math.floor(own / positions);
  const position = own % positions;
  for (let tap = 0; tap < taps; tap += 1) {
    const id = gather[position * taps + tap]!;
    const weight = weights[row * taps + tap]!;
    if (id !== ZERO && weight !== 0) visit(id, weight);
  }
}
