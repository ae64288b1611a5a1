import type { Categories } from '../../data/categories.ts';

/** An output of a model file. */
export interface WantedOutput {
  readonly name: string;
  /** Where the output is a label: what the file calls the classes; the label is then given as its index. */
  readonly classes?: readonly string[];
}

/** By value of a row: the categories of a text, whose place the row has. */
export type RowCategories = readonly (Categories | undefined)[];

/** A float model in a third-party runtime: the reference for the integer model's accuracy. */
export interface FloatReference {
  /** The runtime, e.g. `onnxruntime-web`. */
  readonly name: string;
  readonly version: string;
  /**
   * Runs one row, flat and row-major in the input's shape. One row at a time: await a run before starting the next.
   *
   * @returns the wanted outputs, flat, one after the other
   */
  run(row: Float64Array): Promise<Float64Array>;
  /** Frees the runtime's memory. */
  close(): Promise<void>;
}
