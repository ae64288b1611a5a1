import { FLOAT } from '../onnx/data-types.ts';
import type { Operator } from '../onnx/operator.ts';
import { addLookup } from './lookup.ts';
import { intervalsOf, passing } from './rank-set.ts';

/** 1 for values above a threshold, else 0. ONNX Runtime has no answer for NaN. */
export const binarizer: Operator = (context) => {
  const { shape, ids } = context.view(0);
  const { dataType } = context.input(0);
  if (dataType !== FLOAT) throw context.unsupported('of another type than float32');
  const passes = intervalsOf(passing('GT', context.attributes.float('threshold', 0), false));
  const entry = { passes, missingPasses: false, target: 0, weight: 1 };
  const all = Array.from(ids).flatMap((id) => [
    ...addLookup(context, id, [entry], new Float64Array(1), true),
  ]);
  return { kind: 'view', view: { shape, ids: Int32Array.from(all) }, dataType };
};
