import type { Block } from './float-graph.ts';
import { uniform } from './uniform.ts';

/** Whether the block is a sum or mean over windows: one row of several equal, positive weights. */
export function isPooling({ rows, taps, weights }: Block): boolean {
  const weight = uniform(weights, 0, weights.length);
  return rows === 1 && taps > 1 && weight !== undefined && weight > 0;
}
