import { ZERO } from '../graph/float-graph.ts';
import type { IntegerBlock, IntegerLinear } from '../integer/integer-graph.ts';

/** Visits the non-zero terms of one output of a linear node. */
export type TermsOf = (index: number, visit: (id: number, weight: number) => void) => void;

/** The blocks' outputs follow each other, so an output's block is found once for all its terms. */
export function termsOf({ count, blocks, diagonals }: IntegerLinear): TermsOf {
  const blockOf = new Int32Array(count);
  const startOf: number[] = [];
  let start = 0;
  blocks.forEach(({ rows, positions }, k) => {
    startOf.push(start);
    blockOf.fill(k, start, start + rows * positions);
    start += rows * positions;
  });
  return (index, visit) => {
    if (index < start) {
      const k = blockOf[index]!;
      visitBlock(blocks[k]!, index - startOf[k]!, visit);
    }
    for (const { weights, source } of diagonals) {
      if (source[index]! !== ZERO && weights[index] !== 0) visit(source[index]!, weights[index]!);
    }
  };
}

function visitBlock(
  { positions, taps, weights, gather }: IntegerBlock,
  own: number,
  visit: (id: number, weight: number) => void,
): void {
  const row = Math.floor(own / positions);
  const position = own % positions;
  for (let tap = 0; tap < taps; tap += 1) {
    const id = gather[position * taps + tap]!;
    const weight = weights[row * taps + tap]!;
    if (id !== ZERO && weight !== 0) visit(id, weight);
  }
}
