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
