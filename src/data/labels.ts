import { QuietproofError } from '../errors/quietproof-error.ts';

/** What the labels of a file may be called, and where they are. */
interface LabelSource {
  /** Names of the classes, by index. */
  readonly classes?: readonly string[] | undefined;
  /** Of the label in the given row, for messages. */
  readonly where: (row: number) => string;
  /** Reads a number, or throws the error for a cell that is none. */
  readonly readNumber: (cell: string, row: number) => number;
  readonly isNumber: (cell: string) => boolean;
}

/**
 * Class indices from the cells of a column: names of classes, or numbers. Undefined if they are names, but no classes are
 * known.
 *
 * @throws QuietproofError QP1116 for a name that no class has
 */
export function readLabels(cells: readonly string[], source: LabelSource): number[] | undefined {
  const { classes, where, readNumber, isNumber } = source;
  if (classes !== undefined) {
    const indices = cells.map((cell) => classes.indexOf(cell));
    if (!indices.includes(-1)) return indices;
    const row = cells.findIndex((cell, k) => indices[k] === -1 && !isNumber(cell));
    if (row >= 0) throw unknownClass(cells[row]!, classes, where(row));
  }
  const isText = cells.every((cell) => cell !== '' && !isNumber(cell));
  return isText ? undefined : cells.map(readNumber);
}

function unknownClass(cell: string, classes: readonly string[], where: string): QuietproofError {
  const what = `${JSON.stringify(cell.slice(0, 40))} is none of the classes ${classes.slice(0, 20).join(', ')}`;
  return new QuietproofError('QP1116', {
    what,
    where,
    fix: "Write labels as the card's class names or as numbers",
  });
}
