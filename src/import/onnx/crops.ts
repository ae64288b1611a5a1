import { pickAxes, walkAxes } from '../rearrange.ts';
import { idRange, sizeOf } from '../tensor.ts';
import type { Operator } from './operator.ts';
import { sized } from './repeats.ts';
import { operandShape } from './shape-operators.ts';

/** Crops or pads with zeros on both sides, until the operand has the given size. */
export const centerCropPad: Operator = (context) => {
  const shape = operandShape(context.input(0));
  const wanted = context.integers(1, 'sizes');
  const given = context.attributes.ints('axes');
  const axes = given?.map((axis) => context.axis(axis, shape.length)) ?? [...idRange(0, shape.length)];
  if (axes.length !== wanted.length || wanted.some((size) => size < 0)) throw context.misfit(shape, wanted);
  const out = [...shape];
  for (const [i, axis] of axes.entries()) out[axis] = wanted[i]!;
  const walks = shape.map((size, axis) => {
    const rest = out[axis]! - size;
    return { size: out[axis]!, start: rest > 0 ? -Math.floor(rest / 2) : Math.floor(-rest / 2), step: 1 };
  });
  return sized(context, out, () => walkAxes(shape, walks));
};

/** Reverses the beginning of each sequence of a batch, of a constant length. */
export const reverseSequence: Operator = (context) => {
  const shape = operandShape(context.input(0));
  const lengths = context.integers(1, 'lengths');
  const batchAxis = context.axis(context.attributes.int('batch_axis', 1), shape.length);
  const timeAxis = context.axis(context.attributes.int('time_axis', 0), shape.length);
  const steps = shape[timeAxis]!;
  const fits =
    lengths.length === shape[batchAxis] && lengths.every((length) => length >= 0 && length <= steps);
  if (!fits || batchAxis === timeAxis) throw context.misfit(shape, [lengths.length]);
  const { index } = pickAxes(
    shape,
    shape.map((size) => [...idRange(0, size)]),
  );
  const stride = (axis: number) => sizeOf(shape.slice(axis + 1));
  return sized(context, shape, () => ({
    shape,
    index: index.map((at) => {
      const time = Math.floor(at / stride(timeAxis)) % steps;
      const length = lengths[Math.floor(at / stride(batchAxis)) % shape[batchAxis]!]!;
      return time < length ? at + (length - 1 - 2 * time) * stride(timeAxis) : at;
    }),
  }));
};
