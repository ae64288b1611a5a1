import { embedding } from '../embedding.ts';
import { type AxisWalk, concatViews, walkAxes } from '../rearrange.ts';
import { idRange, sizeOf, type TensorView } from '../tensor.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { anyOperand, operandShape, rearranged } from './shape-operators.ts';
import { partOf, together } from './sigmoid-heads.ts';
import type { ConstValue, Value } from './value.ts';

/** Concatenates operands along an axis. Constants among activations become nodes with only a bias. */
export const concat: Operator = (context) => {
  const sigmoids = together(context);
  if (sigmoids !== undefined) return sigmoids;
  const values = context.inputs.map((_, index) => context.input(index));
  const shapes = values.map(operandShape);
  const first = shapes[0];
  if (first === undefined) throw context.error('QP2111', 'Concat has no operands');
  const axis = context.axis(context.attributes.int('axis', Number.NaN), first.length);
  const fits = shapes.every((shape) => {
    return shape.length === first.length && shape.every((dim, a) => a === axis || dim === first[a]);
  });
  if (!fits) throw context.misfit(...shapes);
  if (values.every((value) => value.kind === 'const')) return concatConstants(values, axis);
  const views = values
    .map((value, index) => viewOrConstant(context, value, index))
    .filter(({ ids }) => ids.length > 0);
  return context.viewOf(concatViews(views, axis));
};

function viewOrConstant(context: OperatorContext, value: Value, index: number): TensorView {
  if (value.kind === 'view') return value.view;
  if (value.kind !== 'const') return context.view(index);
  if (value.tensor.data.length === 0) return { shape: value.tensor.shape, ids: new Int32Array(0) };
  return context.builder.constant(context.node, value.tensor);
}

function concatConstants(values: readonly ConstValue[], axis: number): ConstValue {
  // `concatViews` rearranges ids; positions in the list of all constants serve as ids here.
  let first = 0;
  const places = values.map(({ tensor }) => {
    const ids = idRange(first, tensor.data.length);
    first += ids.length;
    return { shape: tensor.shape, ids };
  });
  const all = new Float64Array(first);
  for (const [k, { tensor }] of values.entries()) all.set(tensor.data, places[k]!.ids[0] ?? 0);
  const { shape, ids } = concatViews(places, axis);
  return { ...values[0]!, tensor: { shape, data: Float64Array.from(ids, (place) => all[place]!) } };
}

/** Slices from starts to ends (exclusive) by steps. These are attributes before operator set 10 and inputs since. */
export const slice: Operator = (context) => {
  const shape = operandShape(anyOperand(context));
  const { starts, ends, axes, steps } = sliceArguments(context);
  if (starts === undefined || ends === undefined)
    throw context.error('QP2111', 'Slice is missing its starts or ends');
  const along = axes?.map((axis) => context.axis(axis, shape.length)) ?? [...idRange(0, starts.length)];
  const lengths = [ends.length, along.length, steps?.length ?? starts.length];
  if (lengths.some((length) => length !== starts.length) || along.length > shape.length) {
    throw context.error('QP2111', 'starts, ends, axes and steps of Slice must have the same length');
  }
  const walks: AxisWalk[] = shape.map((size) => ({ size, start: 0, step: 1 }));
  along.forEach((axis, i) => {
    const step = steps?.[i] ?? 1;
    if (step === 0) throw context.error('QP2111', 'a step of Slice is 0');
    walks[axis] = sliceWalk(shape[axis]!, starts[i]!, ends[i]!, step);
  });
  return notEmpty(context, walks);
};

function sliceArguments(context: OperatorContext) {
  const { attributes } = context;
  if (context.opset < 10) {
    return {
      starts: attributes.ints('starts'),
      ends: attributes.ints('ends'),
      axes: attributes.ints('axes'),
      steps: undefined,
    };
  }
  return {
    starts: context.integers(1, 'starts'),
    ends: context.integers(2, 'ends'),
    axes: context.optionalIntegers(3, 'axes'),
    steps: context.optionalIntegers(4, 'steps'),
  };
}

/** Python's rules: a negative index counts from the end, and everything is clamped to the axis. */
function sliceWalk(size: number, start: number, end: number, step: number): AxisWalk {
  const fromEnd = (at: number) => (at < 0 ? at + size : at);
  const clamp = (at: number, low: number, high: number) => Math.min(Math.max(at, low), high);
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const first = clamp(fromEnd(start), low, high);
  const last = clamp(fromEnd(end), low, high);
  return { size: Math.max(0, Math.ceil((last - first) / step)), start: first, step };
}

/** Picks positions along an axis, at constant indices; or rows of a constant table, at indices of the input. */
export const gather: Operator = (context) => {
  const shape = operandShape(context.input(0));
  const axis = context.axis(context.attributes.int('axis', 0), shape.length);
  const places = context.input(1);
  if (places.kind === 'view') {
    const table = context.constant(0, 'tables at places of the input');
    if (axis !== 0) throw context.unsupported(`at places of the input along axis ${axis}`);
    const view = embedding(context.builder, context.node, places.view, table);
    return { kind: 'view', view, dataType: context.input(0).dataType };
  }
  const picks = places.tensor;
  const size = shape[axis]!;
  const from0 = picks.data.map((index) => (index < 0 ? index + size : index));
  if (!from0.every((index) => Number.isInteger(index) && index >= 0 && index < size)) {
    throw context.error('QP2110', `an index of Gather is outside an axis of ${size}`);
  }
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  const result = [...shape.slice(0, axis), ...picks.shape, ...shape.slice(axis + 1)];
  if (sizeOf(result) > 0) context.builder.checkSize(context.node, sizeOf(result));
  const index = new Int32Array(sizeOf(result));
  let at = 0;
  for (let o = 0; o < outer; o += 1) {
    for (const pick of from0) {
      for (let i = 0; i < inner; i += 1) {
        index[at] = (o * size + pick) * inner + i;
        at += 1;
      }
    }
  }
  return rearranged(context, { shape: result, index });
};

/** Constant lists, e.g. parts of a shape, may be empty; activations may not. */
function notEmpty(context: OperatorContext, walks: readonly AxisWalk[]): Value {
  const value = anyOperand(context);
  const size = sizeOf(walks.map((walk) => Math.max(walk.size, 0)));
  if (size > 0 || value.kind !== 'const') context.builder.checkSize(context.node, size);
  const sized = walks.map((walk) => ({ ...walk, size: Math.max(walk.size, 0) }));
  const rearrangement = walkAxes(operandShape(value), sized);
  return partOf(context, rearrangement) ?? rearranged(context, rearrangement);
}
