import { sizeOf } from '../tensor.ts';
import { FLOAT, INT64 } from './data-types.ts';
import type { Operator } from './operator.ts';
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

function list(values: readonly number[], dataType: number): ConstValue {
  return { kind: 'const', tensor: { shape: [values.length], data: Float64Array.from(values) }, dataType };
}

function scalar(value: number, dataType: number): ConstValue {
  return { kind: 'const', tensor: { shape: [], data: Float64Array.of(value) }, dataType };
}
