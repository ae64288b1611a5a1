import { exp, log } from '../../../graph/functions/exponential.ts';
import { sizeOf } from '../../tensor.ts';
import { toDataType } from '../data-types.ts';
import type { Operator } from '../operator.ts';
import { constantAt } from './elementwise.ts';

/** Softmax of constants, such as learned shares, or its logarithm. Before operator set 13 it is over all further axes. */
export const softmaxOfConstants =
  (isLog: boolean): Operator =>
  (context) => {
    const value = constantAt(context, 0);
    const { shape, data } = value.tensor;
    const axis = context.axis(context.attributes.int('axis', context.opset < 13 ? 1 : -1), shape.length);
    const size = context.opset < 13 ? sizeOf(shape.slice(axis)) : shape[axis]!;
    const inner = sizeOf(shape.slice(axis)) / size;
    const result = new Float64Array(data.length);
    for (let start = 0; start < data.length; start += 1) {
      if (Math.floor(start / inner) % size !== 0) continue;
      const places = Array.from({ length: size }, (_, k) => start + k * inner);
      const largest = places.reduce((most, place) => Math.max(most, data[place]!), -Infinity);
      const total = places.reduce((sum, place) => sum + exp(data[place]! - largest), 0);
      for (const place of places) {
        const shifted = data[place]! - largest;
        result[place] = toDataType(value.dataType, isLog ? shifted - log(total) : exp(shifted) / total);
      }
    }
    return { ...value, tensor: { shape, data: result } };
  };
