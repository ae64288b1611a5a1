import { QuietproofError } from '../errors/quietproof-error.ts';

/** A range of rows of a file, from 0, with both ends included. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Parses a row selection: `0-9`, or `7` for a single row.
 *
 * @throws QuietproofError QP1121
 */
export function parseRowRange(text: string): RowRange {
  const found = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(text.trim());
  const fix = 'Write --rows 0-9 for the first ten rows, or --rows 7 for one';
  if (found === null) throw new QuietproofError('QP1121', { where: `--rows ${text}`, fix });
  const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])];
  if (last < first) {
    throw new QuietproofError('QP1121', {
      what: 'The row selection ends before it starts',
      where: `--rows ${text}`,
      fix,
    });
  }
  return { first, last };
}

/**
 * The selected row numbers in ascending order; all rows without a selection.
 *
 * @param total rows in the file
 * @throws QuietproofError QP1122 if the file has fewer rows
 */
export function selectedRows(range: RowRange | undefined, total: number): number[] {
  const { first, last } = range ?? { first: 0, last: total - 1 };
  if (last >= total) {
    const what = `Row ${last} does not exist; the last row is ${total - 1} (counting from 0)`;
    throw new QuietproofError('QP1122', { what, fix: `Choose rows within 0-${total - 1}` });
  }
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
