import type { DataSet } from '../data/data-set.ts';
import type { Comparison, WorstRow } from './quality/compare.ts';
import type { Contract, Judge } from './quality/contract.ts';
import type { Judgement } from './quality/judge.ts';
import type { OutputErrors } from './quality/output-errors.ts';
import type { Runtime } from './quality/reference-rows.ts';

/**
 * How the integer model compares with the float model's own file on the held-out rows. It depends on another runtime's
 * floats, so no id depends on it.
 */
export interface AccuracyReport {
  /** Held-out rows. */
  readonly rows: number;
  /** Of these, rows with a value outside the input's range; they were clamped. */
  readonly outside: number;
  readonly result: Judgement['result'];
  /** The measure that decided, and the rows that it needs. */
  readonly by: Judge;
  readonly needed: number;
  readonly contract: Contract;
  readonly floatAccuracy?: number;
  readonly integerAccuracy?: number;
  /** Rows that the two models label differently. */
  readonly labelFlips?: number;
  /** The upper 95 % bound on their share of all rows. */
  readonly flipBound?: number;
  readonly error?: OutputErrors;
  readonly leafSums?: Comparison['leafSums'];
  readonly worst: readonly WorstRow[];
  readonly data: { readonly file: string; readonly sha256: string };
  readonly reference: Runtime;
}

export function accuracyReport(judgement: Judgement, judging: DataSet, reference: Runtime): AccuracyReport {
  const { result, by, needed, contract, comparison } = judgement;
  const { flips, rows = 0, outside = 0, worst = [], ...measured } = comparison ?? {};
  return {
    ...{ rows, outside, result, by, needed, contract },
    ...measured,
    ...(flips !== undefined && { labelFlips: flips.count, flipBound: flips.upper }),
    worst,
    data: { file: judging.source, sha256: judging.sha256 },
    reference,
  };
}

/** The report as the content of accuracy.json. Canonical JSON has no reals, so they become strings. */
export function accuracyRecord(report: AccuracyReport): object {
  return JSON.parse(
    JSON.stringify({ version: 'quietproof/accuracy/v2', ...report }, (_, value: unknown) =>
      typeof value === 'number' && !Number.isInteger(value) ? String(value) : value,
    ),
  ) as object;
}
