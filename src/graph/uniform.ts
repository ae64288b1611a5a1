import type { LinearNode } from './float-graph.ts';

/** Whether each row of each block has one factor at all its positions; NaN matches any factor. */
export function isUniformByRow(node: LinearNode, factors: Float64Array): boolean {
  let at = 0;
  for (const { rows, positions } of node.blocks) {
    for (let row = 0; row < rows; row += 1) {
      if (uniform(factors, at, at + positions) === undefined) return false;
      at += positions;
    }
  }
  return true;
}

/** The only number in [from, to), ignoring NaN; NaN if there is none, undefined if there are several. */
export function uniform(numbers: Float64Array, from: number, to: number): number | undefined {
  let found = Number.NaN;
  for (let i = from; i < to; i += 1) {
    const number = numbers[i]!;
    if (Number.isNaN(number) || number === found) continue;
    if (!Number.isNaN(found)) return undefined;
    found = number;
  }
  return found;
}
