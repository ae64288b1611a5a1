/** The type of a value in integer-graph.json: typed arrays become arrays of numbers. */
export type JsonOf<T> = T extends Float64Array | Int32Array
  ? readonly number[]
  : T extends readonly (infer Entry)[]
    ? readonly JsonOf<Entry>[]
    : T extends object
      ? { readonly [Key in keyof T]: JsonOf<T[Key]> }
      : T;

/** −0 is written as 0. */
export function integers(values: Float64Array | Int32Array): number[] {
  return Array.from(values, (value) => (value === 0 ? 0 : value));
}
