import { executeInteger } from '../../src/integer/execute.ts';
import { encodeClamped } from '../../src/quantize/encode-clamped.ts';
import type { QuantizedModel } from '../../src/quantize/quantize.ts';
import { largestError, runReference } from '../import/onnx/compare.ts';

/** The largest error of an integer model's first output on rows, as a share of the widest span of ONNX Runtime's outputs of a row. */
export async function errorShare(
  path: string,
  model: QuantizedModel,
  rows: readonly Float64Array[],
): Promise<number> {
  const { logits, scale } = model.outputs[0]!;
  let span = 0;
  let error = 0;
  for (const row of rows) {
    const expected = await runReference(path, row);
    const values = executeInteger(model.graph, encodeClamped(model, row));
    const found = Float64Array.from(logits, (id) => values[id]! * scale);
    span = Math.max(span, Math.max(...expected) - Math.min(...expected));
    error = Math.max(error, largestError(found, expected));
  }
  return error / span;
}
