import { broadcastShape, broadcastTo } from '../broadcast.ts';
import { pickAxes, type Rearrangement } from '../rearrange.ts';
import { idRange, sizeOf } from '../tensor.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { operandShape, rearranged } from './shape-operators.ts';
import type { Value } from './value.ts';

/** Repeats dimensions of size 1 until the operand has the shape that it and the given one have in common. */
export const expand: Operator = (context) => {
  const from = operandShape(context.input(0));
  const wanted = context.integers(1, 'sizes');
  const shape = broadcastShape(from, wanted);
  if (shape === undefined || shape.some((dim) => dim < 0)) throw context.misfit(from, wanted);
  return sized(context, shape, () => broadcastTo(from, shape));
};

/** Repeats the whole operand along each axis. */
export const tile: Operator = (context) => {
  const from = operandShape(context.input(0));
  const repeats = context.integers(1, 'repeats');
  if (repeats.length !== from.length || repeats.some((times) => times < 0))
    throw context.misfit(from, repeats);
  const shape = from.map((size, axis) => size * repeats[axis]!);
  return sized(context, shape, () =>
    pickAxes(
      from,
      from.map((size, axis) => [...idRange(0, shape[axis]!)].map((p) => p % size)),
    ),
  );
};

/** Rearranges once the size of the result is known to be within limits; constant lists may be empty. */
export function sized(
  context: OperatorContext,
  shape: readonly number[],
  make: () => Rearrangement,
  fill = 0,
): Value {
  const size = sizeOf(shape);
  if (size > 0 || context.input(0).kind !== 'const') context.builder.checkSize(context.node, size);
  return rearranged(context, make(), fill);
}
