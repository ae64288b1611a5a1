import type { Quality } from '@quietproof/verify';
import { rowsToJudge } from './binomial.ts';
import type { Comparison } from './compare.ts';
import type { Contract, Judge } from './contract.ts';

/** Whether an integer model keeps its contract on held-out rows. */
export interface Judgement {
  readonly result: 'kept' | 'broken' | 'not-judged';
  /** The measure that decides. */
  readonly by: Judge;
  readonly contract: Contract;
  /** Held-out rows. */
  readonly rows: number;
  /** Rows without which the measure says nothing. */
  readonly needed: number;
  /** Missing where no row is held out. */
  readonly comparison?: Comparison;
}

/** The largest error of fewer rows says nothing about others. No confidence is claimed for that of more rows either. */
const ROWS_FOR_ERROR = 10;

/** The fewest held-out rows with which the contract can be judged. */
export function rowsNeeded(by: Judge, contract: Contract): number {
  switch (by) {
    case 'flips':
      return rowsToJudge(contract.flips);
    case 'error':
      return ROWS_FOR_ERROR;
    case 'both':
      return Math.max(rowsToJudge(contract.flips), ROWS_FOR_ERROR);
  }
}

export function judge(by: Judge, contract: Contract, comparison: Comparison | undefined): Judgement {
  const rows = comparison?.rows ?? 0;
  const needed = rowsNeeded(by, contract);
  const result = rows < needed ? 'not-judged' : keeps(by, contract, comparison!) ? 'kept' : 'broken';
  return { result, by, contract, rows, needed, ...(comparison !== undefined && { comparison }) };
}

function keeps(by: Judge, contract: Contract, { flips, error }: Comparison): boolean {
  const keepsFlips = by === 'error' || flips!.upper <= contract.flips;
  const keepsError = by === 'flips' || error!.share <= contract.error;
  return keepsFlips && keepsError;
}

/** Content of quality.json, which the model id covers: only what decides. A broken contract was accepted. */
export function qualityRecord({ result, by, contract, rows, comparison }: Judgement): Quality {
  const allowed = { flips: String(contract.flips), error: String(contract.error) };
  if (result === 'not-judged') return { kind: 'not-judged', contract: allowed, rows };
  const kind = result === 'kept' ? 'judged' : 'loss-accepted';
  const { flips, error } = comparison!;
  return {
    ...{ kind, contract: allowed, rows },
    ...(by !== 'error' && { flips: { count: flips!.count, upper: String(flips!.upper) } }),
    ...(by !== 'flips' && { error: String(error!.share) }),
  };
}
