/** Of the 30 measurements: the largest perimeter of a nucleus, in standard deviations from the mean. */
const WORST_PERIMETER = 22;
const LIMIT = 0.07;

/** One comparison instead of a network. It says the same about 162 of the 171 rows of test data. @returns 1 for benign */
export function ruleOfThumb(row: readonly number[]): bigint {
  return row[WORST_PERIMETER]! > LIMIT ? 0n : 1n;
}
