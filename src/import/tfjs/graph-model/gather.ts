import { embedding } from '../../embedding.ts';
import type { Operation } from './operation.ts';

const MOST_INT32 = 2 ** 31 - 1;

/** Of the input to integers, as the converter writes before an embedding: its rows may then have no other numbers. */
export const cast: Operation = (context) => {
  const value = context.operand(0);
  const isFloat = context.type('SrcT') === 'DT_FLOAT' && context.type('DstT') === 'DT_FLOAT';
  if (isFloat || (value.kind === 'const' && value.tensor.data.every(Number.isInteger))) return value;
  if (value.kind === 'const') throw context.unsupported('of constants that are no integers');
  context.builder.restrictInput(context.node, value.view.ids, MOST_INT32);
  return value;
};

/** Rows of a constant table at places that the input gives. */
export const gather: Operation = (context) => {
  const table = context.constant(0, 'tables');
  const places = context.view(1);
  const [axis] = context.integers(2, 'axes');
  if (axis !== 0 || context.int('batch_dims', 0) !== 0)
    throw context.unsupported('along another axis than the first');
  return { kind: 'view', view: embedding(context.builder, context.node, places, table) };
};
