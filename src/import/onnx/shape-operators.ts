import { permuteAxes, type Rearrangement, rearrangeConst, rearrangeView } from '../rearrange.ts';
import { idRange, sizeOf } from '../tensor.ts';
import type { Operator, OperatorContext } from './operator.ts';
import type { HeadValue, Value } from './value.ts';

/** The first operand, of any kind: the result of a final Sigmoid, Softmax or ArgMax may still be reshaped. */
export function anyOperand(context: OperatorContext): Value {
  const value = context.inputs[0];
  return value?.kind === 'head' ? value : context.input(0);
}

/** Shape of an operand of any kind. */
export function operandShape(value: Value): readonly number[] {
  if (value.kind === 'const') return value.tensor.shape;
  return value.kind === 'view' ? value.view.shape : value.shape;
}

/** The same elements with another shape. */
function withShape(value: Value, shape: readonly number[]): Value {
  if (value.kind === 'const') return { ...value, tensor: { ...value.tensor, shape } };
  if (value.kind === 'view') return { ...value, view: { ...value.view, shape } };
  return { ...value, shape } satisfies HeadValue;
}

/** Rearranges activations or constants. @param fill the value for index −1 */
export function rearranged(context: OperatorContext, rearrangement: Rearrangement, fill = 0): Value {
  const value = context.input(0);
  if (value.kind === 'const') return { ...value, tensor: rearrangeConst(value.tensor, rearrangement, fill) };
  if (fill === 0 || !rearrangement.index.includes(-1)) {
    return { ...value, view: rearrangeView(value.view, rearrangement) };
  }
  const { builder, node } = context;
  const [id] = builder.constant(node, { shape: [1], data: Float64Array.of(fill) }).ids;
  return { ...value, view: rearrangeView(value.view, rearrangement, id) };
}

/** Flattens to two dimensions: the axes before `axis`, and the rest. */
export const flatten: Operator = (context) => {
  const value = anyOperand(context);
  const shape = operandShape(value);
  const wanted = context.attributes.int('axis', 1);
  const axis = wanted === shape.length ? wanted : context.axis(wanted, shape.length);
  return withShape(value, [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis))]);
};

/** The shape is an input: 0 copies a dimension, −1 is inferred. */
export const reshape: Operator = (context) => {
  const value = anyOperand(context);
  const from = operandShape(value);
  const copyZero = context.opset < 14 || context.attributes.int('allowzero', 0) === 0;
  const wanted = context
    .integers(1, 'sizes')
    .map((dim, axis) => (dim === 0 && copyZero ? (from[axis] ?? 0) : dim));
  const known = wanted.filter((dim) => dim !== -1);
  const rest = sizeOf(from) / sizeOf(known);
  const shape = wanted.map((dim) => (dim === -1 ? rest : dim));
  const valid = shape.every((dim) => Number.isInteger(dim) && dim >= 0) && wanted.length - known.length <= 1;
  if (!valid || sizeOf(shape) !== sizeOf(from)) {
    const fix = 'If the shape contains the batch size, export with a dynamic batch dimension or a batch of 1';
    throw context.error('QP2110', `${from.join('×')} cannot be reshaped to [${wanted}]`, fix);
  }
  return withShape(value, shape);
};

/** Axis a of the result is axis perm[a] of the operand; perm reverses all axes by default. */
export const transpose: Operator = (context) => {
  const shape = operandShape(context.input(0));
  const perm = context.attributes.ints('perm') ?? [...idRange(0, shape.length)].reverse();
  const sorted = [...perm].sort((a, b) => a - b);
  if (perm.length !== shape.length || sorted.some((axis, i) => axis !== i)) {
    throw context.error('QP2110', `[${perm}] is not a permutation of the axes of ${shape.join('×')}`);
  }
  return rearranged(context, permuteAxes(shape, perm));
};

/** Removes the given dimensions of size 1, or all of them. */
export const squeeze: Operator = (context) => {
  const value = anyOperand(context);
  const shape = operandShape(value);
  const given = axesOf(context);
  const axes =
    given === undefined
      ? shape.flatMap((dim, axis) => (dim === 1 ? [axis] : []))
      : context.axes(given, shape.length);
  if (axes.some((axis) => shape[axis] !== 1))
    throw context.error('QP2110', `axes [${axes}] of ${shape.join('×')} do not all have size 1`);
  return withShape(
    value,
    shape.filter((_, axis) => !axes.includes(axis)),
  );
};

/** Inserts dimensions of size 1. The axes are those of the result. */
export const unsqueeze: Operator = (context) => {
  const value = anyOperand(context);
  const axes = axesOf(context);
  if (axes === undefined) throw context.error('QP2111', 'Unsqueeze is missing its axes');
  const shape = [...operandShape(value)];
  const places = context.axes(axes, shape.length + axes.length);
  if (new Set(places).size !== places.length) throw context.error('QP2110', `the axes [${axes}] repeat`);
  for (const axis of places) shape.splice(axis, 0, 1);
  return withShape(value, shape);
};

/** The axes are an attribute before operator set 13 and an input since. */
function axesOf(context: OperatorContext): number[] | undefined {
  return context.opset < 13 ? context.attributes.ints('axes') : context.optionalIntegers(1, 'axes');
}
