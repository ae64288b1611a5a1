import { exp, log } from '../../../graph/functions/exponential.ts';
import { type ConstTensor, idRange, sizeOf } from '../../tensor.ts';
import { INT64, toDataType } from '../data-types.ts';
import type { Operator } from '../operator.ts';
import type { ConstValue } from '../value.ts';
import { constantAt } from './elementwise.ts';

/** The elements of each reduced group, in row-major order of what remains. */
function groups(tensor: ConstTensor, axes: readonly number[]): number[][] {
  const kept = tensor.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const out = Array.from({ length: sizeOf(kept) }, (): number[] => []);
  const place = new Array<number>(kept.length).fill(0);
  for (const value of tensor.data) {
    let at = 0;
    for (const [axis, size] of kept.entries()) at = at * size + (size === 1 ? 0 : place[axis]!);
    out[at]!.push(value);
    for (let axis = kept.length - 1; axis >= 0; axis -= 1) {
      place[axis]! += 1;
      if (place[axis]! < tensor.shape[axis]!) break;
      place[axis] = 0;
    }
  }
  return out;
}

function reduced(shape: readonly number[], axes: readonly number[], keep: boolean): number[] {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return keep ? kept : kept.filter((_, axis) => !axes.includes(axis));
}

/** A reduction of constants over axes, which are an attribute before the given operator set and an input since. */
export const reduction =
  (compute: (values: readonly number[]) => number, inputSince = 18): Operator =>
  (context) => {
    const value = constantAt(context, 0);
    const { attributes, opset } = context;
    const rank = value.tensor.shape.length;
    const given = opset < inputSince ? attributes.ints('axes') : context.optionalIntegers(1, 'axes');
    const keep = attributes.int('keepdims', 1) !== 0;
    const isIdentity = opset >= inputSince && attributes.int('noop_with_empty_axes', 0) !== 0;
    const all = isIdentity ? [] : [...idRange(0, rank)];
    const axes = given?.length ? context.axes(given, rank) : all;
    const data = groups(value.tensor, axes).map((group) => toDataType(value.dataType, compute(group)));
    const shape = reduced(value.tensor.shape, axes, keep);
    return { ...value, tensor: { shape, data: Float64Array.from(data) } };
  };

/** The index of the largest or smallest constant along an axis. */
export const argOf =
  (better: (a: number, b: number) => boolean): Operator =>
  (context): ConstValue => {
    const { tensor } = constantAt(context, 0);
    const axis = context.axis(context.attributes.int('axis', 0), tensor.shape.length);
    const keep = context.attributes.int('keepdims', 1) !== 0;
    const last = context.attributes.int('select_last_index', 0) !== 0;
    const data = groups(tensor, [axis]).map((group) =>
      group.reduce(
        (best, value, i) => (better(value, group[best]!) || (last && value === group[best]) ? i : best),
        0,
      ),
    );
    return {
      kind: 'const',
      tensor: { shape: reduced(tensor.shape, [axis], keep), data: Float64Array.from(data) },
      dataType: INT64,
    };
  };

const add = (a: number, b: number): number => a + b;

export const sum = (values: readonly number[]): number => values.reduce(add, 0);
export const meanOf = (values: readonly number[]): number => sum(values) / values.length;
export const product = (values: readonly number[]): number => values.reduce((a, b) => a * b, 1);
export const largest = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.max(a, b), -Infinity);
export const smallest = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.min(a, b), Infinity);
export const sumOfSquares = (values: readonly number[]): number => sum(values.map((value) => value * value));
export const sumOfMagnitudes = (values: readonly number[]): number => sum(values.map(Math.abs));

export function logSumExp(values: readonly number[]): number {
  const most = largest(values);
  return most + log(sum(values.map((value) => exp(value - most))));
}
