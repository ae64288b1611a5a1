import { FLOAT, precisionOf } from '../onnx/data-types.ts';
import type { Operator } from '../onnx/operator.ts';
import { concatViews } from '../rearrange.ts';
import { idRange, type TensorView } from '../tensor.ts';
import { numbersOf } from './numbers.ts';

/** Columns of several operands in one row. Each gives the first `inputdimensions` of its columns, as in ONNX Runtime. */
export const featureVectorizer: Operator = (context) => {
  const sizes = context.attributes.ints('inputdimensions') ?? [];
  if (sizes.length !== context.inputs.length || sizes.length === 0)
    throw context.error('QP2110', `${sizes.length} sizes for ${context.inputs.length} operands`);
  const views = sizes.map((size, at): TensorView => {
    const {
      view: { ids },
      dataType,
    } = numbersOf(context, at);
    // Where an operand is shorter than its size, ONNX Runtime fills with zeros.
    if (!(size >= 1 && size <= ids.length))
      throw context.error('QP2110', `operand ${at + 1} has ${ids.length} columns, not ${size}`);
    if (precisionOf(dataType) === undefined) throw context.unsupported('of other than floats');
    return { shape: [1, size], ids: idRange(0, size).map((i) => ids[i]!) };
  });
  return { kind: 'view', view: concatViews(views, 1), dataType: FLOAT };
};
