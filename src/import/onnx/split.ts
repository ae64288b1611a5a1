import { type AxisWalk, walkAxes } from '../rearrange.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { operandShape, rearranged } from './shape-operators.ts';

/** Cuts an operand into parts along an axis. Their sizes are an attribute before operator set 13 and an input since. */
export const split: Operator = (context) => {
  const shape = operandShape(context.input(0));
  const axis = context.axis(context.attributes.int('axis', 0), shape.length);
  const sizes = partSizes(context, shape[axis]!);
  let start = 0;
  const values = sizes.map((size) => {
    const walks: AxisWalk[] = shape.map((dim) => ({ size: dim, start: 0, step: 1 }));
    walks[axis] = { size, start, step: 1 };
    start += size;
    // A part without elements can only be read of a list of constants.
    if (size === 0 && context.input(0).kind !== 'const') return undefined;
    return rearranged(context, walkAxes(shape, walks));
  });
  return { kind: 'outputs', values };
};

function partSizes(context: OperatorContext, total: number): number[] {
  const { attributes, opset, outputCount } = context;
  const given = opset < 13 ? attributes.ints('split') : context.optionalIntegers(1, 'sizes');
  const parts = opset < 18 ? outputCount : attributes.int('num_outputs', outputCount);
  const sizes = given ?? equalParts(total, parts);
  const fits = sizes.every((size) => size >= 0) && sizes.reduce((sum, size) => sum + size, 0) === total;
  if (!fits || sizes.length !== outputCount || (given === undefined && parts !== outputCount)) {
    throw context.error('QP2110', `${total} values cannot be split into ${outputCount} parts of [${sizes}]`);
  }
  return sizes;
}

/** Parts of one size, of which the last may be smaller. */
function equalParts(total: number, parts: number): number[] {
  const size = Math.ceil(total / parts);
  return Array.from({ length: parts }, (_, k) => Math.max(0, Math.min(size, total - k * size)));
}
