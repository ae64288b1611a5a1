/** A float model in a third-party runtime: the reference for the integer model's accuracy. */
export interface FloatReference {
  /** The runtime, e.g. `onnxruntime-web`. */
  readonly name: string;
  readonly version: string;
  /**
   * Runs one row, flat and row-major in the input's shape. One row at a time: await a run before starting the next.
   *
   * @returns the model's output, flat
   */
  run(row: Float64Array): Promise<Float64Array>;
  /** Frees the runtime's memory. */
  close(): Promise<void>;
}
