import { dataTypeName, STRING } from './data-types.ts';
import { type OperatorContext, textsComputedWith } from './operator.ts';
import type { Value } from './value.ts';

/** Operators whose operands all have one type; of some, only the operands at these places. */
const SAME_TYPE: Readonly<Record<string, readonly number[] | 'all'>> = {
  __proto__: null as never,
  Gemm: 'all',
  MatMul: 'all',
  Conv: 'all',
  Add: 'all',
  Sub: 'all',
  Mul: 'all',
  Div: 'all',
  Concat: 'all',
  Clip: 'all',
  Max: 'all',
  Min: 'all',
  Sum: 'all',
  Mean: 'all',
  Less: 'all',
  LessOrEqual: 'all',
  Greater: 'all',
  GreaterOrEqual: 'all',
  Equal: 'all',
  And: 'all',
  Or: 'all',
  Xor: 'all',
  Where: [1, 2],
  Pad: [0, 2],
};

/** Texts of the input and texts of the file are numbered differently: only lists of one of them can be joined. */
function isOfOneSource(op: string, operands: readonly (Value | undefined)[]): boolean {
  const kinds = new Set(operands.map((value) => value?.kind));
  return kinds.size === 1 && (kinds.has('const') || op === 'Concat');
}

/**
 * @throws QuietproofError QP2116 if operands differ in type, which ONNX forbids and its runtimes refuse; QP2155 if some of
 *   them are texts
 */
export function checkOperandTypes({ node, inputs, ...context }: OperatorContext): void {
  const places = SAME_TYPE[node.op];
  if (places === undefined) return;
  const operands = places === 'all' ? inputs : places.map((place) => inputs[place]);
  // The type of a label is not kept: that of an argmax is the type of its scores.
  const isTyped = (value: Value) => value.kind !== 'head' || value.head !== 'argmax';
  const types = new Set(operands.flatMap((value) => (value && isTyped(value) ? [value.dataType] : [])));
  if (types.has(STRING) && !isOfOneSource(node.op, operands)) throw textsComputedWith(context.builder, node);
  if (types.size <= 1) return;
  const names = [...types].map(dataTypeName).join(' and ');
  const fix = 'Cast them to one type';
  throw context.builder.error('QP2116', node, `${node.op} cannot take operands of ${names}`, fix);
}
