import { dense } from '../dense.ts';
import { permuteView } from '../rearrange.ts';
import { idRange } from '../tensor.ts';
import type { Operator } from './operator.ts';

/** Running sums along an axis, with or without the element itself, from the start or from the end. */
export const cumulativeSum: Operator = (context) => {
  const x = context.view(0);
  const rank = x.shape.length;
  const [wanted = 0] = context.integers(1, 'axes');
  const axis = context.axis(wanted, rank);
  const exclusive = context.attributes.int('exclusive', 0) !== 0;
  const reverse = context.attributes.int('reverse', 0) !== 0;
  const size = x.shape[axis]!;
  context.builder.checkSize(context.node, size * size);
  const data = Float64Array.from({ length: size * size }, (_, i) => {
    const [row, column] = [Math.floor(i / size), i % size];
    const isBefore = reverse ? column > row : column < row;
    return Number(isBefore || (!exclusive && column === row));
  });
  // Swapping two axes undoes itself.
  const swapped = [...idRange(0, rank)].with(axis, rank - 1).with(rank - 1, axis);
  const out = dense(context.builder, context.node, permuteView(x, swapped), { shape: [size, size], data });
  return context.viewOf(permuteView(out, swapped));
};
