import type { Categories } from './categories.ts';

/** The required form of a row: the model's input without its batch dimension. */
export interface RowSpec {
  /** Numbers per row. */
  readonly count: number;
  /** If given, rows may also be nested arrays of this shape, e.g. [1, 28, 28]. Its product is `count`. */
  readonly shape?: readonly number[];
  /** The inputs of the model where there are several: a row has the values of the first, then those of the next. */
  readonly parts?: readonly RowPart[];
  /** The features' names, in the model's order, by which a table's columns are found; undefined for one without. */
  readonly names?: readonly (string | undefined)[];
  /** The names of the classes, by index, as which labels may be written. */
  readonly classes?: readonly string[];
  /** Whether a column of labels is read: a row to prove has none, and it is left out like other columns. Default true. */
  readonly takesLabels?: boolean;
  /** By feature: which values it takes; default: finite numbers. */
  readonly accepts?: readonly Accepted[];
}

/** Finite numbers; with infinities, or missing values, which are NaN in a row; with both; or texts. */
export type Accepted = 'finite' | 'infinite' | 'finite or missing' | 'missing' | Categories;

/** Whether a feature takes a number; one of texts takes none. */
export function isAccepted(value: number, accepted: Accepted = 'finite'): boolean {
  if (typeof accepted === 'object') return false;
  if (Number.isFinite(value)) return true;
  return accepted === 'missing' || accepted === (Number.isNaN(value) ? 'finite or missing' : 'infinite');
}

/** What to do about a value that is none, or not finite. */
export const FILL_IN = 'Fill or drop missing values before giving them to the model';

export interface RowPart {
  readonly name: string;
  readonly count: number;
  /** [] is one value. */
  readonly shape: readonly number[];
}

/** The rows of one data file. */
export interface DataSet {
  /**
   * Each row has `RowSpec.count` numbers, flat and row-major in the input's shape: finite unless the feature accepts others,
   * NaN for a missing value, the place among its categories for a text.
   */
  readonly rows: readonly Float64Array[];
  /** Class index or target value of each row. */
  readonly labels?: readonly number[];
  /** Float reference outputs of each row, all of the same length. */
  readonly outputs?: readonly Float64Array[];
  /** Column names from a CSV header, one per value of a row. */
  readonly columns?: readonly string[];
  /** Decisions of the reader, such as a detected header, as sentences for the user. */
  readonly notes: readonly string[];
  /** Base name of the file. */
  readonly source: string;
  /** sha256 of the file, lower-case hex. */
  readonly sha256: string;
}

/** What the reader of one format returns. */
export type ParsedRows = Omit<DataSet, 'source' | 'sha256'>;

/** The form of a row for messages: `64 numbers`, or `64 numbers, flat or nested 1×8×8`. */
export function expectedRow({ count, shape, parts }: RowSpec): string {
  const numbers = count === 1 ? '1 number' : `${count} numbers`;
  if (parts !== undefined) {
    const members = parts.map((part) => `"${part.name}" (${part.count})`).join(', ');
    return `${numbers}, flat or as an object with ${members}`;
  }
  return shape === undefined || shape.length < 2 ? numbers : `${numbers}, flat or nested ${shape.join('×')}`;
}
