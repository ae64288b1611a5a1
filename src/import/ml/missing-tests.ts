import type { OperatorContext } from '../onnx/operator.ts';
import { testOf } from './input-tests.ts';
import { addLookup } from './lookup.ts';
import { rankSet } from './rank-set.ts';

const MISSING = rankSet([], true);

/**
 * Values that are 1 where an operand is NaN, else 0. An operand is NaN exactly where the input is that it is computed from;
 * undefined where one is computed in another way, since nothing proved is NaN.
 */
export function missingTests(context: OperatorContext, ids: Int32Array): Int32Array | undefined {
  const sources = new Map<number, number>();
  for (const id of ids) {
    const test = testOf(context, id, MISSING);
    if (test?.set.holdsNaN !== true || test.set.ranges.length > 0) return undefined;
    sources.set(id, test.source);
  }
  return ids.map((id) => {
    const test = { passes: [], missingPasses: true, target: 0, weight: 1 };
    return addLookup(context, sources.get(id)!, [test], new Float64Array(1))[0]!;
  });
}
