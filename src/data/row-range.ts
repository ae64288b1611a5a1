import { QuietproofError } from '../errors/quietproof-error.ts';

/** Rows of a file, counted from 0, both ends included. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads a row selection: `0-9`, or `7` for a single row.
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
      what: 'A row selection runs backwards',
      where: `--rows ${text}`,
      fix,
    });
  }
  return { first, last };
}

/**
 * The selected row numbers, ascending; all where nothing was selected.
 *
 * @param total rows in the file
 * @throws QuietproofError QP1122 where the file has fewer rows
 */
export function selectedRows(range: RowRange | undefined, total: number): number[] {
  const { first, last } = range ?? { first: 0, last: total - 1 };
  if (last >= total) {
    const what = `Row ${last} was asked for, and the last one is row ${total - 1} (counted from 0)`;
    throw new QuietproofError('QP1122', { what, fix: `Choose rows within 0-${total - 1}` });
  }
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
