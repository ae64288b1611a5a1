import { embedding } from '../../embedding.ts';
import type { Operation } from './operation.ts';

const MOST_INT32 = 2 ** 31 - 1;

const FLOATS = new Set(['DT_FLOAT']);
/** TensorFlow.js has one type of integers. */
const INTEGERS = new Set(['DT_INT32', 'DT_INT64']);
const NARROW = new Set(['DT_INT8', 'DT_UINT8', 'DT_BOOL']);

/**
 * Numbers that keep their values. Floats become integers only where the input has them, as the converter writes before an
 * embedding: its rows may then have no other numbers.
 */
export const cast: Operation = (context) => {
  const given = context.input(0);
  if (given.kind === 'head' && given.head === 'argmax') return given;
  const value = context.operand(0);
  const [from, to] = [context.type('SrcT'), context.type('DstT')];
  if (value.kind === 'const') {
    const isExact = FLOATS.has(to) || (INTEGERS.has(to) && value.tensor.data.every(Number.isInteger));
    if (isExact) return value;
    throw context.unsupported(`of constants to ${to}`);
  }
  const isWider = INTEGERS.has(from) || NARROW.has(from);
  if (FLOATS.has(to) && (FLOATS.has(from) || isWider)) return { kind: 'view', view: value.view };
  if (!INTEGERS.has(to)) throw context.unsupported(`of ${from} to ${to}`);
  if (!isWider) context.builder.restrictInput(context.node, value.view.ids, MOST_INT32);
  return { kind: 'view', view: value.view, isInteger: true };
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

/** One value where a place of the input is its own, another elsewhere. */
export const oneHot: Operation = (context) => {
  const places = context.view(0);
  const [depth, on, off] = [1, 2, 3].map((index) => context.constant(index, 'values').data[0]!);
  if (context.int('axis', -1) !== -1) throw context.unsupported('along another axis than a last one');
  context.builder.checkSize(context.node, depth! * Math.max(depth!, places.ids.length));
  const data = Float64Array.from({ length: depth! ** 2 }, (_, i) => (i % (depth! + 1) === 0 ? on! : off!));
  const table = { shape: [depth!, depth!], data };
  return { kind: 'view', view: embedding(context.builder, context.node, places, table) };
};
