import { createHash } from 'node:crypto';

/** Indices of distinct rows, ascending. */
export interface SplitRows {
  /** Rows that set the scales. */
  readonly calibration: readonly number[];
  /** Rows that the integer model is judged on. */
  readonly heldOut: readonly number[];
}

/** One row, say, has no range: fewer rows than this all calibrate, and none is left to judge by. */
const FEWEST_TO_CALIBRATE = 10;

/**
 * Splits the rows of one file: in the order of their sha256, the first third (but at least FEWEST_TO_CALIBRATE) calibrates
 * and the others are held out. So
 * the split depends on the rows alone: a file that is sorted, or repeats a pattern, gives both parts the same mixture.
 * Copies of a row count once: they would make a few rows look like many, or be on both sides.
 */
export function splitRows(rows: readonly Float64Array[]): SplitRows {
  const distinct = distinctRows(rows);
  const inOrder = Array.from(distinct.keys()).sort();
  const count = Math.max(Math.ceil(inOrder.length / 3), FEWEST_TO_CALIBRATE);
  const indices = (digests: readonly string[]) =>
    digests.map((digest) => distinct.get(digest)!).sort((a, b) => a - b);
  return { calibration: indices(inOrder.slice(0, count)), heldOut: indices(inOrder.slice(count)) };
}

/** The distinct rows of a file of their own that are no calibration rows: indices, ascending. */
export function rowsOutside(
  calibration: readonly Float64Array[],
  rows: readonly Float64Array[],
): readonly number[] {
  const seen = distinctRows(calibration);
  return Array.from(distinctRows(rows))
    .filter(([digest]) => !seen.has(digest))
    .map(([, index]) => index);
}

/** The index of the first copy of each row, by digest, in the order of the file. */
function distinctRows(rows: readonly Float64Array[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  rows.forEach((row, index) => {
    const digest = digestOf(row);
    if (!found.has(digest)) found.set(digest, index);
  });
  return found;
}

/** Of the doubles, little-endian; −0 is 0. */
function digestOf(row: Float64Array): string {
  const bytes = new DataView(new ArrayBuffer(row.length * 8));
  row.forEach((value, i) => {
    bytes.setFloat64(i * 8, value === 0 ? 0 : value, true);
  });
  return createHash('sha256').update(bytes).digest('hex');
}
