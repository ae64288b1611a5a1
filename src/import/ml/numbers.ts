import { DATA_TYPES, FLOAT } from '../onnx/data-types.ts';
import type { OperatorContext } from '../onnx/operator.ts';
import { castNumbers } from '../onnx/pass-through.ts';
import type { ViewValue } from '../onnx/value.ts';

/** The integers that operators of ai.onnx.ml read. */
const INTEGERS = ['int32', 'int64'];

/** An operand of numbers: integers are cast to float32 first, as ONNX Runtime does. */
export function numbersOf(context: OperatorContext, index: number): ViewValue {
  const value = context.input(index);
  const isInteger = value.kind === 'view' && INTEGERS.includes(DATA_TYPES[value.dataType]?.name ?? '');
  if (isInteger) return { kind: 'view', view: castNumbers(context, value, FLOAT), dataType: FLOAT };
  return { kind: 'view', view: context.view(index), dataType: value.dataType };
}

/** Float32 has every integer below, and not every one above. */
const WHOLE = 2 ** 24;

/**
 * Refuses keys of an operand of integers that tests cannot tell from their neighbours, since they compare float32 numbers.
 *
 * @throws QuietproofError QP2102
 */
export function checkDistinct(context: OperatorContext, keys: readonly number[]): void {
  if (DATA_TYPES[context.input(0).dataType]?.float !== false) return;
  const large = keys.find((key) => Math.abs(key) >= WHOLE);
  if (large === undefined) return;
  throw context.unsupported(`of integers with the key ${large}`, 'Use keys below 2^24, or texts');
}
