import { exp, log } from '../../../graph/functions/exponential.ts';
import { broadcastShape, broadcastTo } from '../../broadcast.ts';
import { rearrangeConst } from '../../rearrange.ts';
import { type ConstTensor, sizeOf } from '../../tensor.ts';
import { BOOL, DATA_TYPES, toDataType } from '../data-types.ts';
import type { Operator, OperatorContext } from '../operator.ts';
import type { ConstValue } from '../value.ts';

/** An operand that is constant. */
export function constantAt(context: OperatorContext, index: number): ConstValue {
  const value = context.input(index);
  if (value.kind !== 'const') throw context.unsupported(`with input ${index + 1} that depends on data`);
  return value;
}

/** All operands, brought to their common shape. */
export function broadcastAll(context: OperatorContext, values: readonly ConstValue[]): ConstTensor[] {
  let shape: number[] = [];
  for (const { tensor } of values) {
    const common = broadcastShape(shape, tensor.shape);
    if (common === undefined) throw context.misfit(...values.map((value) => value.tensor.shape));
    shape = common;
  }
  if (sizeOf(shape) > 0) context.builder.checkSize(context.node, sizeOf(shape));
  return values.map(({ tensor }) => rearrangeConst(tensor, broadcastTo(tensor.shape, shape)));
}

/** An elementwise function of one constant. Its result is of the operand's type. */
export const unary =
  (compute: (value: number) => number, isDefined: (value: number) => boolean = () => true): Operator =>
  (context) => {
    const value = constantAt(context, 0);
    const data = value.tensor.data.map((number) => {
      if (!isDefined(number))
        throw context.error('QP2109', `${context.node.op} of ${number} is not a number`);
      return toDataType(value.dataType, compute(number));
    });
    return { ...value, tensor: { ...value.tensor, data } };
  };

type Binary = (a: number, b: number) => number;

/** An elementwise function of two constants, or more, taken from the left. */
export const binary = (compute: Binary, resultType?: number): Operator => binaryOf(() => compute, resultType);

/** The same, where the function depends on the node. */
export const binaryOf =
  (make: (context: OperatorContext) => Binary, resultType?: number): Operator =>
  (context): ConstValue => {
    const values = context.inputs.map((_, index) => constantAt(context, index));
    const dataType = resultType ?? values[0]!.dataType;
    const [first, ...others] = broadcastAll(context, values);
    if (first === undefined) throw context.error('QP2111', `${context.node.op} has no operands`);
    const compute = make(context);
    let { data } = first;
    for (const other of others) {
      data = data.map((value, i) => toDataType(dataType, compute(value, other.data[i]!)));
    }
    return { kind: 'const', tensor: { shape: first.shape, data }, dataType };
  };

/** A comparison or a logical connection: the result is boolean. */
export const test = (holds: (a: number, b: number) => boolean): Operator =>
  binary((a, b) => Number(holds(a, b)), BOOL);

/** Division: of whole numbers towards zero, as in C. */
export function quotient(context: OperatorContext): Binary {
  const { dataType, tensor } = constantAt(context, 1);
  if (DATA_TYPES[dataType]!.float) return (a, b) => a / b;
  if (tensor.data.includes(0)) throw context.error('QP2109', 'a whole number is divided by 0');
  return (a, b) => Math.trunc(a / b);
}

/** The remainder with the sign of the divisor, or of the dividend if `fmod` says so. */
export function remainder(context: OperatorContext): Binary {
  const isC = context.attributes.int('fmod', 0) !== 0;
  if (constantAt(context, 1).tensor.data.includes(0)) throw context.error('QP2109', 'a remainder by 0');
  return isC ? (a, b) => a % b : (a, b) => ((a % b) + b) % b;
}

/** The mean of all operands. */
export const mean: Operator = (context) => {
  const sum = binary((a, b) => a + b)(context) as ConstValue;
  const data = sum.tensor.data.map((value) => toDataType(sum.dataType, value / context.inputs.length));
  return { ...sum, tensor: { ...sum.tensor, data } };
};

/** Elements of the second operand where the first is true, of the third elsewhere. */
export const where: Operator = (context) => {
  const values = [0, 1, 2].map((index) => constantAt(context, index));
  const [condition, whenTrue, whenFalse] = broadcastAll(context, values) as [
    ConstTensor,
    ConstTensor,
    ConstTensor,
  ];
  const data = whenTrue.data.map((value, i) => (condition.data[i] !== 0 ? value : whenFalse.data[i]!));
  return { ...values[1]!, tensor: { shape: whenTrue.shape, data } };
};

/** Rounds to the nearest whole number, halves to the even one. */
export function roundEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest !== 0.5) return rest < 0.5 ? low : low + 1;
  return low % 2 === 0 ? low : low + 1;
}

/** base ^ exponent: by products and roots where the exponent is a whole number or a half, else by logarithms. */
export const power: Operator = (context) => binary(powerOf, constantAt(context, 0).dataType)(context);

function powerOf(base: number, exponent: number): number {
  const isSimple = Number.isInteger(2 * exponent) && Math.abs(exponent) <= 1024;
  if (!isSimple) return exp(exponent * log(base));
  if (exponent < 0) return 1 / powerOf(base, -exponent);
  if (!Number.isInteger(exponent)) return powerOf(base, exponent - 0.5) * Math.sqrt(base);
  let [result, square] = [1, base];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/** min(max(x, min), max) of constants. Both bounds are optional: attributes before operator set 11, inputs since then. */
export const clipConstants: Operator = (context) => {
  const { attributes, opset } = context;
  const bound = (index: number, otherwise: number) =>
    context.optionalConstant(index, 'bounds')?.data[0] ?? otherwise;
  const min = opset < 11 ? attributes.float('min', -Infinity) : bound(1, -Infinity);
  const max = opset < 11 ? attributes.float('max', Infinity) : bound(2, Infinity);
  return unary((value) => Math.min(Math.max(value, min), max))(context);
};
