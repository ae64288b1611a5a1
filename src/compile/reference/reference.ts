/** A model run in floating point by a runtime that is not ours: what the integer model is judged by. */
export interface FloatReference {
  /** The runtime, e.g. `onnxruntime-web`. */
  readonly name: string;
  readonly version: string;
  /**
   * Runs one row, flat and row-major in the input's shape; returns the model's output, flat. One row at a time: wait
   * for a run before the next.
   */
  run(row: Float64Array): Promise<Float64Array>;
  /** Frees the runtime's memory. */
  close(): Promise<void>;
}
