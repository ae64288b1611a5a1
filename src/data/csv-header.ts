import { QuietproofError } from '../errors/quietproof-error.ts';

/** A line's cells, and the form of cells that counts as a number. */
type IsNumber = (cell: string) => boolean;

/** Fewer numbered columns than this may well be a row of small integers. */
const SURELY_NUMBERED = 4;

/**
 * Whether the first line names the columns. It does if it contains one of the names that are looked for, if it contains
 * text above numbers, or if it numbers the columns from 0, as pandas does for unnamed ones.
 *
 * @param names of features that the reader looks for; `count` is how many features there are
 * @throws QuietproofError QP1112 if a first line of 0, 1, … may as well be a row
 */
export function hasHeader(
  lines: readonly (readonly string[])[],
  { count, names }: { readonly count: number; readonly names: readonly string[] },
  isNumber: IsNumber,
  source: string,
): boolean {
  const [first, second] = lines;
  if (first === undefined) return false;
  if (first.every(isNumber)) return isNumbered(first) && isNumberedHeader(lines, source);
  if (first.some((cell) => names.includes(cell))) return true;
  // Only names: a header without rows.
  if (second === undefined) return first.length >= count && !first.some(isNumber);
  const hasTextAboveNumber = first.some((cell, column) => !isNumber(cell) && isNumber(second[column] ?? ''));
  return hasTextAboveNumber && isNumbered(first.filter(isNumber));
}

/** Whether the cells are 0, 1, 2, …; no cells are. */
export function isNumbered(cells: readonly string[]): boolean {
  return cells.every((cell, column) => cell === String(column));
}

/** A file written by pandas has its numbers below: `0,1` above `0.5,2.0`. A row of integers looks the same. */
function isNumberedHeader([first, ...body]: readonly (readonly string[])[], source: string): boolean {
  const isWhole = (cell: string) => /^[+-]?\d+$/.test(cell);
  const isFraction = body.length > 0 && body.every((cells) => !cells.every(isWhole));
  if (isFraction || (first!.length >= SURELY_NUMBERED && body.length > 0)) return true;
  // A single column of counts may begin with 0.
  if (first!.length === 1) return false;
  throw new QuietproofError('QP1112', {
    what: `The first line, ${first!.join(',')}, may number the columns or be a row`,
    where: `${source}, line 1`,
    fix: 'Name the columns in the first line, or write the rows as JSON',
  });
}
