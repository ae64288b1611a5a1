/** Indices of the flags that are 1. */
export function placesOf(flags: Uint8Array): Int32Array {
  const places: number[] = [];
  for (let i = 0; i < flags.length; i += 1) if (flags[i] === 1) places.push(i);
  return Int32Array.from(places);
}

export function pick<A extends Int32Array | Float64Array>(from: A, places: Int32Array): A {
  return pickRuns(from, places, 1);
}

/** Takes the given runs of `length` elements each; `runs` are indices in units of runs. */
export function pickRuns<A extends Int32Array | Float64Array>(from: A, runs: Int32Array, length: number): A {
  const out = from.slice(0, runs.length * length) as A;
  for (let r = 0; r < runs.length; r += 1) {
    for (let i = 0; i < length; i += 1) out[r * length + i] = from[runs[r]! * length + i]!;
  }
  return out;
}
