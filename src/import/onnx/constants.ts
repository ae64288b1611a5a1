import { type ConstTensor, sizeOf } from '../tensor.ts';
import { FLOAT, INT64, toDataType } from './data-types.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { operandShape } from './shape-operators.ts';
import type { ConstValue } from './value.ts';

/** A tensor, number or list stored in the node itself. */
export const constant: Operator = (context) => {
  const { attributes } = context;
  const tensor = attributes.tensor('value');
  if (tensor !== undefined) return context.readTensor(tensor);
  const floats = attributes.floats('value_floats');
  if (floats !== undefined) return list(floats, FLOAT);
  const ints = attributes.ints('value_ints');
  if (ints !== undefined) return list(ints, INT64);
  if (attributes.has('value_float')) return scalar(attributes.float('value_float', 0), FLOAT);
  if (attributes.has('value_int')) return scalar(attributes.int('value_int', 0), INT64);
  throw context.unsupported('of this kind', 'Store it as a dense tensor of numbers');
};

/** The shape of the operand. It is known at import, since a dynamic batch dimension is fixed at 1. */
export const shape: Operator = (context) => {
  const dims = operandShape(context.input(0));
  const end = context.attributes.int('end', dims.length);
  return list(dims.slice(context.attributes.int('start', 0), end), INT64);
};

/** Number of elements of the operand. */
export const size: Operator = (context) => scalar(sizeOf(operandShape(context.input(0))), INT64);

/** A tensor filled with one value, 0 by default. */
export const constantOfShape: Operator = (context) => {
  const dims = context.integers(0, 'shape');
  const proto = context.attributes.tensor('value');
  const value = proto === undefined ? undefined : context.readTensor(proto);
  if (dims.some((dim) => dim < 0)) throw context.error('QP2110', `[${dims}] is not a valid shape`);
  if (sizeOf(dims) > 0) context.builder.checkSize(context.node, sizeOf(dims));
  const data = new Float64Array(sizeOf(dims)).fill(value?.tensor.data[0] ?? 0);
  return { kind: 'const', tensor: { shape: dims, data }, dataType: value?.dataType ?? FLOAT };
};

/** An elementwise function of constants. */
export const mapConstant =
  (map: (value: number) => number): Operator =>
  (context: OperatorContext) => {
    const value = context.input(0);
    if (value.kind !== 'const')
      throw context.error('QP2101', `${context.node.op} of activations cannot be proved`);
    const data = value.tensor.data.map((number) => toDataType(value.dataType, map(number)));
    return { ...value, tensor: { ...value.tensor, data } };
  };

/** The product of all elements of a constant list. Exporters write it for Flatten. */
export const reduceProd: Operator = (context) => {
  const value = context.input(0);
  if (value.kind !== 'const') throw context.error('QP2101', 'ReduceProd of activations cannot be proved');
  if (value.tensor.shape.length > 1) throw context.unsupported('of more than a list');
  context.attributes.ignore('axes', 'noop_with_empty_axes');
  const keep = context.attributes.int('keepdims', 1) !== 0;
  const tensor: ConstTensor = { shape: keep ? value.tensor.shape.map(() => 1) : [], data: product(value) };
  return { ...value, tensor };
};

function product(value: ConstValue): Float64Array {
  return Float64Array.of(value.tensor.data.reduce((all, one) => all * one, 1));
}

function list(values: readonly number[], dataType: number): ConstValue {
  return { kind: 'const', tensor: { shape: [values.length], data: Float64Array.from(values) }, dataType };
}

function scalar(value: number, dataType: number): ConstValue {
  return { kind: 'const', tensor: { shape: [], data: Float64Array.of(value) }, dataType };
}
