import { type ConstTensor, sizeOf } from '../../tensor.ts';
import { FLOAT, INT64, toDataType } from '../data-types.ts';
import type { Operator } from '../operator.ts';
import type { ConstValue } from '../value.ts';
import { constantAt } from './elementwise.ts';

/** start, start + delta, … below limit. */
export const range: Operator = (context) => {
  const [start, limit, delta] = [0, 1, 2].map((index) => constantAt(context, index)) as [
    ConstValue,
    ConstValue,
    ConstValue,
  ];
  const [from, to, step] = [start, limit, delta].map(({ tensor }) => tensor.data[0] ?? Number.NaN) as [
    number,
    number,
    number,
  ];
  const count = Math.max(0, Math.ceil((to - from) / step));
  if (!Number.isFinite(count)) throw context.error('QP2110', `a range from ${from} to ${to} by ${step}`);
  if (count > 0) context.builder.checkSize(context.node, count);
  const data = Float64Array.from({ length: count }, (_, i) => toDataType(start.dataType, from + i * step));
  return { kind: 'const', tensor: { shape: [count], data }, dataType: start.dataType };
};

/** A tensor filled with one value, 0 by default. */
export const constantOfShape: Operator = (context) => {
  const dims = context.integers(0, 'sizes');
  const proto = context.attributes.tensor('value');
  const value = proto === undefined ? undefined : context.readTensor(proto);
  if (dims.some((dim) => dim < 0)) throw context.error('QP2110', `[${dims}] is not a valid shape`);
  if (sizeOf(dims) > 0) context.builder.checkSize(context.node, sizeOf(dims));
  const data = new Float64Array(sizeOf(dims)).fill(value?.tensor.data[0] ?? 0);
  return { kind: 'const', tensor: { shape: dims, data }, dataType: value?.dataType ?? FLOAT };
};

/** The places of all values that are not 0: one column each, a row per axis. */
export const nonZero: Operator = (context) => {
  const { tensor } = constantAt(context, 0);
  const places = [...tensor.data.keys()].filter((i) => tensor.data[i] !== 0);
  const shape = tensor.shape.length === 0 ? [1] : tensor.shape;
  const rows = shape.map((size, axis) => {
    const stride = sizeOf(shape.slice(axis + 1));
    return places.map((place) => Math.floor(place / stride) % size);
  });
  const data = Float64Array.from(rows.flat());
  return { kind: 'const', tensor: { shape: [shape.length, places.length], data }, dataType: INT64 };
};

/** Ones on a diagonal of a matrix with the operand's shape. */
export const eyeLike: Operator = (context) => {
  const value = constantAt(context, 0);
  const [rows, columns] = value.tensor.shape;
  if (value.tensor.shape.length !== 2) throw context.misfit(value.tensor.shape);
  const k = context.attributes.int('k', 0);
  const dataType = context.attributes.int('dtype', value.dataType);
  const data = new Float64Array(rows! * columns!);
  for (let row = 0; row < rows!; row += 1) {
    if (row + k >= 0 && row + k < columns!) data[row * columns! + row + k] = 1;
  }
  return { kind: 'const', tensor: { shape: [rows!, columns!], data }, dataType };
};

/** Rows of on and off values: `on` at the index that the operand gives. */
export const oneHot: Operator = (context) => {
  const indices = constantAt(context, 0).tensor;
  const [depth = 0] = context.integers(1, 'depths');
  const values = constantAt(context, 2);
  const [off = 0, on = 1] = values.tensor.data;
  const rank = indices.shape.length + 1;
  const axis = context.axis(context.attributes.int('axis', -1), rank);
  const inner = sizeOf(indices.shape.slice(axis));
  if (!(depth >= 1)) throw context.error('QP2110', `a depth of ${depth}`);
  context.builder.checkSize(context.node, indices.data.length * depth);
  const data = new Float64Array(indices.data.length * depth).fill(off);
  for (const [at, index] of indices.data.entries()) {
    const place = index < 0 ? index + depth : index;
    if (place < 0 || place >= depth) continue;
    data[Math.floor(at / inner) * depth * inner + place * inner + (at % inner)] = on;
  }
  const shape = [...indices.shape.slice(0, axis), depth, ...indices.shape.slice(axis)];
  return { kind: 'const', tensor: { shape, data } satisfies ConstTensor, dataType: values.dataType };
};
