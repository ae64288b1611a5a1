import { productOver, reduceAxes } from '../../pooling.ts';
import {
  concatViews,
  permuteAxes,
  pickAxes,
  type Rearrangement,
  rearrangeConst,
  rearrangeView,
  reshapeView,
  walkAxes,
} from '../../rearrange.ts';
import { idRange, sizeOf, type TensorView } from '../../tensor.ts';
import type { GraphValue, Operation, OperationContext } from './operation.ts';

/** The operand, of any kind: a final sigmoid or softmax may be reshaped. */
export const identity: Operation = (context) => context.input(0);

/** Numbers may be converted between types of floats; integers of the input have none here. */
export const shape: Operation = (context) => {
  const own = shapeOf(context.input(0));
  return { kind: 'const', tensor: { shape: [own.length], data: Float64Array.from(own) } };
};

/** As many of one number as the operand has values. */
export function filled(value: number): Operation {
  return (context) => {
    const own = shapeOf(context.input(0));
    return { kind: 'const', tensor: { shape: own, data: new Float64Array(sizeOf(own)).fill(value) } };
  };
}

export const reshape: Operation = (context) => {
  const value = context.input(0);
  const wanted = context.integers(1, 'shapes');
  const known = sizeOf(wanted.filter((dim) => dim !== -1));
  const size = sizeOf(shapeOf(value));
  const found = wanted.map((dim) => (dim === -1 ? size / known : dim));
  const isFree = wanted.filter((dim) => dim === -1).length <= 1 && found.every(Number.isSafeInteger);
  if (!isFree || sizeOf(found) !== size) throw context.misfit(shapeOf(value), wanted);
  return withShape(value, found);
};

export const squeeze: Operation = (context) => {
  const value = context.input(0);
  const own = shapeOf(value);
  const given = context.ints('squeeze_dims').map((axis) => axisOf(context, axis, own.length));
  const axes = given.length === 0 ? own.flatMap((dim, axis) => (dim === 1 ? [axis] : [])) : given;
  if (axes.some((axis) => own[axis] !== 1)) throw context.misfit(own);
  return withShape(
    value,
    own.filter((_, axis) => !axes.includes(axis)),
  );
};

export const expandDims: Operation = (context) => {
  const value = context.input(0);
  const own = shapeOf(value);
  const [axis = 0] = context.integers(1, 'axes');
  return withShape(value, own.toSpliced(axisOf(context, axis, own.length + 1), 0, 1));
};

export const transpose: Operation = (context) => {
  const own = shapeOf(context.operand(0));
  const perm = context.integers(1, 'axes');
  if (perm.length !== own.length || own.some((_, axis) => !perm.includes(axis)))
    throw context.misfit(own, perm);
  return rearranged(context, permuteAxes(own, perm));
};

/** Zeros around the operand. */
export const pad: Operation = (context) => {
  const own = shapeOf(context.operand(0));
  const pads = context.constant(1, 'paddings').data;
  if (context.inputs.length > 2 && context.constant(2, 'values').data.some((value) => value !== 0)) {
    throw context.unsupported('with another value than 0');
  }
  const walks = own.map((size, axis) => {
    const [before, after] = [pads[2 * axis]!, pads[2 * axis + 1]!];
    return { size: size + before + after, start: 0 - before, step: 1 };
  });
  context.builder.checkSize(context.node, sizeOf(walks.map(({ size }) => size)));
  return rearranged(context, walkAxes(own, walks));
};

export const tile: Operation = (context) => {
  const own = shapeOf(context.operand(0));
  const counts = context.integers(1, 'multiples');
  if (counts.length !== own.length) throw context.misfit(own, counts);
  context.builder.checkSize(context.node, sizeOf(own) * sizeOf(counts));
  const picks = own.map((size, axis) => Array.from({ length: size * counts[axis]! }, (_, i) => i % size));
  return rearranged(context, pickAxes(own, picks));
};

/** Operands, then the axis. */
export const concat: Operation = (context) => {
  const last = context.inputs.length - 1;
  const [axis = 0] = context.integers(last, 'axes');
  return joined(context, last, (own) => own, axis);
};

/** Operands of one shape become positions of a new axis. */
export const pack: Operation = (context) =>
  joined(context, context.inputs.length, (own, axis) => own.toSpliced(axis, 0, 1), context.int('axis', 0));

function joined(
  context: OperationContext,
  count: number,
  form: (shape: readonly number[], axis: number) => readonly number[],
  given: number,
): GraphValue {
  const values = Array.from({ length: count }, (_, index) => context.operand(index));
  const rank = form(shapeOf(values[0]!), 0).length;
  const axis = axisOf(context, given, rank);
  const shapes = values.map((value) => form(shapeOf(value), axis));
  const rest = (own: readonly number[]) => own.toSpliced(axis, 1).join();
  if (shapes.some((own) => own.length !== rank || rest(own) !== rest(shapes[0]!))) {
    throw context.misfit(...shapes);
  }
  if (values.every((value) => value.kind === 'const')) {
    const all = values.flatMap(({ tensor }) => Array.from(tensor.data));
    let first = 0;
    const places = values.map(({ tensor }, k): TensorView => {
      const ids = idRange(first, tensor.data.length);
      first += ids.length;
      return { shape: shapes[k]!, ids };
    });
    const { shape: own, ids } = concatViews(places, axis);
    return { kind: 'const', tensor: { shape: own, data: Float64Array.from(ids, (place) => all[place]!) } };
  }
  const views = values.map((value, k): TensorView => {
    const own = value.kind === 'view' ? value.view : context.builder.constant(context.node, value.tensor);
    return reshapeView(own, shapes[k]!);
  });
  return { kind: 'view', view: concatViews(views, axis) };
}

/** begin, end and strides per axis; masks say which of them count. */
export const stridedSlice: Operation = (context) => {
  const own = shapeOf(context.operand(0));
  const [begin, end, strides] = [1, 2, 3].map((index) => context.integers(index, 'places'));
  for (const mask of ['ellipsis_mask', 'new_axis_mask']) {
    if (context.int(mask, 0) !== 0) throw context.unsupported(`with ${mask}`);
  }
  const has = (mask: string, axis: number) => Math.floor(context.int(mask, 0) / 2 ** axis) % 2 === 1;
  const walks = own.map((size, axis) => {
    const step = strides![axis] ?? 1;
    if (step < 1) throw context.unsupported('with a negative stride');
    const fromEnd = (at: number) => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
    const isGiven = axis < begin!.length;
    const first = isGiven && !has('begin_mask', axis) ? fromEnd(begin![axis]!) : 0;
    if (isGiven && has('shrink_axis_mask', axis)) return { size: 1, start: first, step: 1 };
    const last = isGiven && !has('end_mask', axis) ? fromEnd(end![axis]!) : size;
    return { size: Math.max(0, Math.ceil((last - first) / step)), start: first, step };
  });
  context.builder.checkSize(context.node, sizeOf(walks.map(({ size }) => size)));
  const kept = walks.flatMap(({ size }, axis) => (has('shrink_axis_mask', axis) ? [] : [size]));
  return withShape(rearranged(context, walkAxes(own, walks)), kept);
};

type Reduction = (context: OperationContext, x: TensorView, axes: readonly number[]) => TensorView;

const REDUCTIONS = {
  mean: ({ builder, node }, x, axes) => reduceAxes(builder, node, x, axes, 'mean'),
  sum: ({ builder, node }, x, axes) => reduceAxes(builder, node, x, axes, 'sum'),
  max: ({ builder, node }, x, axes) => reduceAxes(builder, node, x, axes, 'max'),
  min: (context, x, axes) =>
    context.negative(reduceAxes(context.builder, context.node, context.negative(x), axes, 'max')),
  product: ({ builder, node }, x, axes) => productOver(builder, node, x, axes),
} as const satisfies Record<string, Reduction>;

/** A reduction over constant axes. */
export function reduce(kind: keyof typeof REDUCTIONS): Operation {
  return (context) => {
    const x = context.view(0);
    const axes = context.integers(1, 'axes').map((axis) => axisOf(context, axis, x.shape.length));
    const y = REDUCTIONS[kind](context, x, axes);
    if (context.flag('keep_dims')) return { kind: 'view', view: y };
    const kept = y.shape.filter((_, axis) => !axes.includes(axis));
    return { kind: 'view', view: reshapeView(y, kept) };
  };
}

/** `size` values of each axis from a place on; −1 for all that follow it. */
export const slice: Operation = (context) => {
  const own = shapeOf(context.operand(0));
  const [begin, sizes] = [context.integers(1, 'places'), context.integers(2, 'sizes')];
  const walks = own.map((dim, axis) => {
    const [start, size] = [begin[axis] ?? Number.NaN, sizes[axis] ?? Number.NaN];
    return { size: size === -1 ? dim - start : size, start, step: 1 };
  });
  const isInside = walks.every(
    ({ size, start }, axis) => start >= 0 && size > 0 && start + size <= own[axis]!,
  );
  if (!isInside) throw context.misfit(own, begin, sizes);
  return rearranged(context, walkAxes(own, walks));
};

/**
 * Moves blocks of spatial positions to the batch, as the converter writes dilated convolutions. The spatial axes follow the
 * batch.
 */
export const spaceToBatch: Operation = (context) => {
  const x = context.view(0);
  const block = context.integers(1, 'blocks');
  const pads = context.constant(2, 'paddings').data;
  const [batch, ...rest] = x.shape as [number, ...number[]];
  const walks = x.shape.map((size, axis) => {
    const spatial = axis >= 1 && axis <= block.length;
    const [before, after] = spatial ? [pads[2 * axis - 2]!, pads[2 * axis - 1]!] : [0, 0];
    return { size: size + before + after, start: 0 - before, step: 1 };
  });
  const padded = rearrangeView(x, walkAxes(x.shape, walks));
  const spatial = padded.shape.slice(1, block.length + 1);
  if (spatial.some((size, axis) => size % block[axis]! !== 0)) throw context.misfit(padded.shape, block);
  const split = spatial.flatMap((size, axis) => [size / block[axis]!, block[axis]!]);
  const channels = rest.slice(block.length);
  const parts = reshapeView(padded, [batch, ...split, ...channels]);
  const m = block.length;
  const order = [...block.map((_, k) => 2 + 2 * k), 0, ...block.map((_, k) => 1 + 2 * k)];
  const moved = rearrangeView(
    parts,
    permuteAxes(parts.shape, [...order, ...channels.map((_, k) => 1 + 2 * m + k)]),
  );
  const outer = spatial.map((size, axis) => size / block[axis]!);
  return { kind: 'view', view: reshapeView(moved, [batch * sizeOf(block), ...outer, ...channels]) };
};

/** The inverse of `spaceToBatch`, with crops. */
export const batchToSpace: Operation = (context) => {
  const x = context.view(0);
  const block = context.integers(1, 'blocks');
  const crops = context.constant(2, 'crops').data;
  const m = block.length;
  const batch = x.shape[0]! / sizeOf(block);
  const [spatial, channels] = [x.shape.slice(1, m + 1), x.shape.slice(m + 1)];
  if (!Number.isInteger(batch)) throw context.misfit(x.shape, block);
  const parts = reshapeView(x, [...block, batch, ...spatial, ...channels]);
  const order = [m, ...block.flatMap((_, k) => [m + 1 + k, k]), ...channels.map((_, k) => 2 * m + 1 + k)];
  const moved = rearrangeView(parts, permuteAxes(parts.shape, order));
  const whole = [batch, ...spatial.map((size, axis) => size * block[axis]!), ...channels];
  const walks = whole.map((size, axis) => {
    const isSpatial = axis >= 1 && axis <= m;
    const [before, after] = isSpatial ? [crops[2 * axis - 2]!, crops[2 * axis - 1]!] : [0, 0];
    return { size: size - before - after, start: before, step: 1 };
  });
  return { kind: 'view', view: rearrangeView(reshapeView(moved, whole), walkAxes(whole, walks)) };
};

function shapeOf(value: GraphValue): readonly number[] {
  return value.kind === 'const' ? value.tensor.shape : value.view.shape;
}

function withShape(value: GraphValue, own: readonly number[]): GraphValue {
  if (value.kind === 'const') return { ...value, tensor: { ...value.tensor, shape: own } };
  return { ...value, view: reshapeView(value.view, own) };
}

function rearranged(context: OperationContext, how: Rearrangement): GraphValue {
  const value = context.operand(0);
  if (value.kind === 'const') return { kind: 'const', tensor: rearrangeConst(value.tensor, how) };
  return { kind: 'view', view: rearrangeView(value.view, how) };
}

function axisOf(context: OperationContext, given: number, rank: number): number {
  const axis = given < 0 ? given + rank : given;
  if (Number.isInteger(axis) && axis >= 0 && axis < rank) return axis;
  throw context.error('QP2110', `axis ${given} is out of range for an operand of ${rank} dimensions`);
}
