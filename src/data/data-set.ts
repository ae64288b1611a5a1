/** What a row must look like: the model's input without its batch dimension. */
export interface RowSpec {
  /** Numbers in a row. */
  readonly count: number;
  /** Where given, rows may also be nested to it, e.g. [1, 28, 28]; its product is `count`. */
  readonly shape?: readonly number[];
}

/** The rows of one data file. */
export interface DataSet {
  /** Flat, row-major in the input's shape; each of `RowSpec.count` finite numbers. */
  readonly rows: readonly Float64Array[];
  /** One per row: class indices, or target values. */
  readonly labels?: readonly number[];
  /** One per row, all of one length: a float reference's outputs. */
  readonly outputs?: readonly Float64Array[];
  /** Names from a CSV header, one per value of a row. */
  readonly columns?: readonly string[];
  /** What the reader decided by itself (a header was found), as sentences for people. */
  readonly notes: readonly string[];
  /** Base name of the file. */
  readonly source: string;
  /** sha256 of the file, lower-case hex. */
  readonly sha256: string;
}

/** What a format's reader takes from a file. */
export type ParsedRows = Omit<DataSet, 'source' | 'sha256'>;

/** `64 numbers`, or `64 numbers, flat or nested 1×8×8`. */
export function expectedRow({ count, shape }: RowSpec): string {
  const numbers = count === 1 ? '1 number' : `${count} numbers`;
  return shape === undefined || shape.length < 2 ? numbers : `${numbers}, flat or nested ${shape.join('×')}`;
}
