import { ZERO } from '../../graph/float-graph.ts';
import { sizeOf, type TensorView } from '../tensor.ts';
import { toDataType } from './data-types.ts';
import { coordinatePlaces, elementPlaces, withSlices } from './indexed.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { operandShape } from './shape-operators.ts';
import type { ConstValue, Value } from './value.ts';

/** Replaces elements at constant indices, or adds to them. */
export const scatterElements: Operator = (context) => {
  const indices = context.constant(1, 'indices');
  const places = elementPlaces(context, operandShape(context.input(0)), indices);
  if (String(operandShape(context.input(2))) !== String(indices.shape)) {
    throw context.misfit(indices.shape, operandShape(context.input(2)));
  }
  return scatter(context, places);
};

/** Replaces elements or slices at constant coordinates, or adds to them. */
export const scatterNd: Operator = (context) => {
  const shape = operandShape(context.input(0));
  const indices = context.constant(1, 'indices');
  const depth = indices.shape.at(-1) ?? 0;
  if (depth < 1 || depth > shape.length) throw context.misfit(shape, indices.shape);
  const size = sizeOf(shape.slice(depth));
  const places = withSlices(coordinatePlaces(context, shape, indices), size);
  if (sizeOf(operandShape(context.input(2))) !== places.length) {
    throw context.misfit(indices.shape, operandShape(context.input(2)));
  }
  return scatter(context, places);
};

/** @param places where in the operand each element of the updates goes */
function scatter(context: OperatorContext, places: Int32Array): Value {
  const reduction = context.attributes.string('reduction', 'none');
  const [data, updates] = [context.input(0), context.input(2)];
  if (data.kind === 'const' && updates.kind === 'const') return onConstants(context, data, updates, places);
  if (reduction === 'add') return added(context, places);
  if (reduction !== 'none') throw context.unsupported(`with reduction "${reduction}"`);
  const x = asView(context, 0);
  const ids = Int32Array.from(x.ids);
  const own = asView(context, 2).ids;
  for (const [i, place] of places.entries()) ids[place] = own[i]!;
  return context.viewOf({ shape: x.shape, ids });
}

const REDUCTIONS: Readonly<Record<string, (old: number, update: number) => number>> = {
  __proto__: null as never,
  none: (_, update) => update,
  add: (old, update) => old + update,
  mul: (old, update) => old * update,
  min: (old, update) => Math.min(old, update),
  max: (old, update) => Math.max(old, update),
};

function onConstants(
  context: OperatorContext,
  { tensor, dataType }: ConstValue,
  updates: ConstValue,
  places: Int32Array,
): ConstValue {
  const reduction = context.attributes.string('reduction', 'none');
  const combine = REDUCTIONS[reduction];
  if (combine === undefined) throw context.unsupported(`with reduction "${reduction}"`);
  const data = Float64Array.from(tensor.data);
  for (const [i, place] of places.entries()) {
    data[place] = toDataType(dataType, combine(data[place]!, updates.tensor.data[i]!));
  }
  return { kind: 'const', tensor: { shape: tensor.shape, data }, dataType };
}

/** The operand plus the updates. */
function added(context: OperatorContext, places: Int32Array): Value {
  const x = asView(context, 0);
  const sum = sumAtPlaces(places, asView(context, 2).ids, x.ids.length);
  const all = [x.ids, ...sum].map((source) => ({ source, weights: new Float64Array(source.length).fill(1) }));
  const bias = new Float64Array(x.ids.length);
  return context.viewOf({
    shape: x.shape,
    ids: context.builder.linear(context.node, { diagonals: all, bias }),
  });
}

/**
 * Summands that add each value to its place; a place with several values is in several summands. A place that is −1 takes
 * nothing.
 *
 * @param count how many places there are
 * @returns ids of each summand, [count]
 */
export function sumAtPlaces(places: Int32Array, ids: Int32Array, count: number): Int32Array[] {
  const summands: Int32Array[] = [];
  const filled = new Int32Array(count);
  for (const [i, place] of places.entries()) {
    if (place < 0) continue;
    const level = filled[place]!;
    summands[level] ??= new Int32Array(count).fill(ZERO);
    summands[level][place] = ids[i]!;
    filled[place] = level + 1;
  }
  return summands;
}

function asView(context: OperatorContext, index: number): TensorView {
  const value = context.input(index);
  return value.kind === 'const' ? context.builder.constant(context.node, value.tensor) : context.view(index);
}
