import { DATA_TYPES, dataTypeName } from './data-types.ts';
import type { Operator } from './operator.ts';
import { anyOperand } from './shape-operators.ts';

/** Returns the operand. */
export const identity: Operator = (context) => anyOperand(context);

/** Dropout does nothing outside training. */
export const dropout: Operator = (context) => {
  context.attributes.ignore('ratio', 'seed');
  const training = context.inputs[2];
  if (training !== undefined && context.constant(2, 'training modes').data.some((value) => value !== 0)) {
    throw context.unsupported('in training mode', 'Export in eval mode');
  }
  return anyOperand(context);
};

/** Casts constants. Activations may change between float types, which has no effect; a label may take any type. */
export const cast: Operator = (context) => {
  const to = context.attributes.int('to', 0);
  context.attributes.ignore('saturate');
  const type = DATA_TYPES[to];
  if (type === undefined) throw context.error('QP2105', `Cast to ${dataTypeName(to)} is not supported`);
  const value = anyOperand(context);
  if (value.kind === 'head') {
    if (value.head === 'argmax' || type.float) return value;
    throw context.unsupported(`of a ${value.head} to ${type.name}`);
  }
  if (value.kind === 'const') {
    const data = type.float ? value.tensor.data : value.tensor.data.map(Math.trunc);
    return { ...value, tensor: { ...value.tensor, data }, dataType: to };
  }
  if (!type.float && to !== value.dataType) throw context.unsupported(`of activations to ${type.name}`);
  return { ...value, dataType: to };
};
