import { FLOAT } from '../onnx/data-types.ts';
import type { Operator } from '../onnx/operator.ts';
import { shapeText } from '../tensor.ts';
import { missingTests } from './missing-tests.ts';

const TO_FLOAT32 = 'Export with numbers as float32: ONNX Runtime imputes no others';

/**
 * Replaces a value, usually NaN, by another one per column. Trees take it into their tests. For other readers it is a choice
 * by whether the input is missing; where they would read anything else than that, the builder refuses them.
 */
export const imputer: Operator = (context) => {
  const { builder, node, attributes } = context;
  const x = context.view(0);
  if (context.input(0).dataType !== FLOAT)
    throw context.unsupported('of another type than float32', TO_FLOAT32);
  attributes.ignore('imputed_value_int64s', 'replaced_value_int64');
  const by = attributes.floats('imputed_value_floats') ?? [];
  const replaced = attributes.float('replaced_value_float', 0);
  const columns = x.shape.at(-1) ?? 1;
  if (x.shape.length !== 2 || by.length === 0)
    throw context.error('QP2110', `${by.length} values do not fit ${shapeText(x.shape)}`);
  // ONNX Runtime takes the first of a list of another length for all columns.
  const value = (i: number) => (by.length === columns ? by[i % columns]! : by[0]!);
  const tests = Number.isNaN(replaced) ? missingTests(context, x.ids) : undefined;
  const ids =
    tests === undefined
      ? builder.copyForTrees(node, x.ids)
      : builder.select(
          node,
          { ...x, ids: tests },
          builder.constant(node, { shape: x.shape, data: Float64Array.from(x.ids, (_, i) => value(i)) }),
          x,
        ).ids;
  builder.exact.record(ids, x.ids, (i) => ({ kind: 'replace', replaced, by: value(i) }));
  return { kind: 'view', view: { ...x, ids }, dataType: FLOAT };
};
