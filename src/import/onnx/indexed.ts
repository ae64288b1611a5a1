import { sizeOf, stridesOf } from '../tensor.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { sized } from './repeats.ts';
import { operandShape } from './shape-operators.ts';

/** Picks one element for each constant index; the other coordinates are those of the index itself. */
export const gatherElements: Operator = (context) => {
  const shape = operandShape(context.input(0));
  const indices = context.constant(1, 'indices');
  return sized(context, indices.shape, () => ({
    shape: indices.shape,
    index: elementPlaces(context, shape, indices),
  }));
};

type Indices = ReturnType<OperatorContext['constant']>;

/** Where in an operand of the given shape each index of GatherElements or ScatterElements points. */
export function elementPlaces(
  context: OperatorContext,
  shape: readonly number[],
  indices: Indices,
): Int32Array {
  const axis = context.axis(context.attributes.int('axis', 0), shape.length);
  const fits =
    indices.shape.length === shape.length &&
    indices.shape.every((size, a) => a === axis || size <= shape[a]!);
  if (!fits) throw context.misfit(shape, indices.shape);
  const [strides, own] = [stridesOf(shape), stridesOf(indices.shape)];
  return Int32Array.from(indices.data, (wanted, at) => {
    let place = 0;
    for (let a = 0; a < shape.length; a += 1) {
      const here =
        a === axis ? from0(context, wanted, shape[a]!) : Math.floor(at / own[a]!) % indices.shape[a]!;
      place += here * strides[a]!;
    }
    return place;
  });
}

/** Picks elements or slices at constant coordinates, which are the last axis of the indices. */
export const gatherNd: Operator = (context) => {
  const shape = operandShape(context.input(0));
  const indices = context.constant(1, 'indices');
  const batch = context.attributes.int('batch_dims', 0);
  const depth = indices.shape.at(-1) ?? 0;
  if (batch < 0 || batch >= indices.shape.length || batch + depth > shape.length || depth < 1) {
    throw context.misfit(shape, indices.shape);
  }
  const inner = shape.slice(batch + depth);
  const result = [...indices.shape.slice(0, -1), ...inner];
  return sized(context, result, () => ({
    shape: result,
    index: withSlices(coordinatePlaces(context, shape, indices, batch), sizeOf(inner)),
  }));
};

/** Where in an operand of the given shape each row of coordinates begins. */
export function coordinatePlaces(
  context: OperatorContext,
  shape: readonly number[],
  indices: Indices,
  batch = 0,
): Int32Array {
  const depth = indices.shape.at(-1)!;
  const rows = indices.data.length / depth;
  const perBatch = rows / sizeOf(indices.shape.slice(0, batch));
  const strides = stridesOf(shape);
  return Int32Array.from({ length: rows }, (_, row) => {
    let place = Math.floor(row / perBatch) * sizeOf(shape.slice(batch));
    for (let k = 0; k < depth; k += 1) {
      place += from0(context, indices.data[row * depth + k]!, shape[batch + k]!) * strides[batch + k]!;
    }
    return place;
  });
}

/** All elements of the slices that begin at the given places. */
export function withSlices(places: Int32Array, size: number): Int32Array {
  const index = new Int32Array(places.length * size);
  for (const [row, place] of places.entries()) {
    for (let i = 0; i < size; i += 1) index[row * size + i] = place + i;
  }
  return index;
}

/** Negative indices count from the end. */
function from0(context: OperatorContext, index: number, size: number): number {
  const place = index < 0 ? index + size : index;
  if (Number.isInteger(place) && place >= 0 && place < size) return place;
  throw context.error('QP2110', `an index of ${context.node.op} is outside an axis of ${size}`);
}

/** Keeps the positions along an axis, or of the flattened operand, where a constant condition holds. */
export const compress: Operator = (context) => {
  const shape = operandShape(context.input(0));
  const holds = context.constant(1, 'conditions').data;
  const isFlat = !context.attributes.has('axis');
  const dims = isFlat ? [sizeOf(shape)] : shape;
  const axis = isFlat ? 0 : context.axis(context.attributes.int('axis', 0), shape.length);
  if (holds.length > dims[axis]!) throw context.misfit(shape, [holds.length]);
  const kept = [...holds.keys()].filter((place) => holds[place] !== 0);
  const result = dims.with(axis, kept.length);
  const inner = sizeOf(dims.slice(axis + 1));
  const outer = sizeOf(dims.slice(0, axis));
  return sized(context, result, () => {
    const places = Array.from({ length: outer }, (_, o) =>
      kept.map((place) => (o * dims[axis]! + place) * inner),
    );
    return { shape: result, index: withSlices(Int32Array.from(places.flat()), inner) };
  });
};

/** Keeps the upper or lower triangle of the last two axes; the rest becomes 0. */
export const trilu: Operator = (context) => {
  const shape = operandShape(context.input(0));
  if (shape.length < 2) throw context.misfit(shape);
  const isUpper = context.attributes.int('upper', 1) !== 0;
  const [k = 0] = context.optionalIntegers(1, 'diagonals') ?? [];
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  return sized(context, shape, () => ({
    shape,
    index: Int32Array.from({ length: sizeOf(shape) }, (_, at) => {
      const distance = (at % columns) - (Math.floor(at / columns) % rows);
      return (isUpper ? distance >= k : distance <= k) ? at : -1;
    }),
  }));
};
