import type { Contest } from '../integer/contest.ts';

/** How a contest is written in a template's `outcome`: 0 kept wins, 1 the candidate wins, else the bits to compare. */
export function outcomeCode(c: Contest): number {
  if (c.winner === 'compare') return c.bits;
  return c.winner === 'kept' ? 0 : 1;
}
