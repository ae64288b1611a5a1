import { FLOAT, precisionOf } from '../onnx/data-types.ts';
import type { Operator } from '../onnx/operator.ts';
import { shapeText } from '../tensor.ts';
import { numbersOf } from './numbers.ts';

/** (x − offset) · scale, per column or with one offset and scale for all. */
export const scaler: Operator = (context) => {
  const { builder, node, attributes } = context;
  const { view: x, dataType } = numbersOf(context, 0);
  const columns = x.shape.at(-1) ?? 1;
  const offset = attributes.floats('offset') ?? [];
  const scale = attributes.floats('scale') ?? [];
  const fits = offset.length === scale.length && [1, columns].includes(scale.length);
  if (!fits || x.shape.length > 2 || x.shape.length === 0) {
    const what = `${offset.length} offsets and ${scale.length} scales do not fit ${shapeText(x.shape)}`;
    throw context.error('QP2110', what);
  }
  const perColumn = (list: readonly number[]) => ({ shape: [list.length], data: Float64Array.from(list) });
  const moved = builder.affine(node, x, undefined, perColumn(offset.map((one) => -one)));
  const scaled = builder.affine(node, moved, perColumn(scale));
  const at = (list: readonly number[], i: number) => list[list.length === 1 ? 0 : i % columns]!;
  // The result is float32 even of doubles, which only the second operation rounds to.
  const precision = precisionOf(dataType) ?? 'float32';
  builder.exact.record(moved.ids, x.ids, (i) => ({ kind: 'subtract', constant: at(offset, i), precision }));
  builder.exact.record(scaled.ids, moved.ids, (i) => ({
    kind: 'multiply',
    constant: at(scale, i),
    precision: 'float32',
  }));
  return { kind: 'view', view: scaled, dataType: FLOAT };
};
