import { roundV2 as nearest } from '@quietproof/verify';
import type { QuantizedModel } from './quantize.ts';

/** Encodes a row as proofs do, but clamps it to the encoding's range. */
export function encodeClamped(model: QuantizedModel, row: Float64Array): Float64Array {
  const { offset, step, max } = model.graph.input;
  return row.map((x, i) => Math.min(Math.max(nearest((x - offset[i]!) / step[i]!), 0), max[i]!));
}
