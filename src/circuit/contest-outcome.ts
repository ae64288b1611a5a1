import type { Contest } from '../integer/contest.ts';

/** Code of a contest in a template's `outcome`: 0 if kept wins, 1 if the candidate wins, else the bits to compare. */
export function outcomeCode(c: Contest): number {
  if (c.winner === 'compare') return c.bits;
  return c.winner === 'kept' ? 0 : 1;
}
