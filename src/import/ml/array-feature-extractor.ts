import { DATA_TYPES, STRING } from '../onnx/data-types.ts';
import type { Operator, OperatorContext } from '../onnx/operator.ts';
import { operandShape, rearranged } from '../onnx/shape-operators.ts';
import type { ConstValue, HeadValue, Label, Value } from '../onnx/value.ts';
import { pickAxes } from '../rearrange.ts';
import { checkLabels } from './labels.ts';

/** Columns of the last axis, or the name of the class that a final ArgMax chose. */
export const arrayFeatureExtractor: Operator = (context) => {
  const index = context.inputs[1];
  if (index?.kind === 'head') return classOf(context, index);
  if (index?.kind === 'view') throw context.unsupported('at a place that the input decides');
  const shape = operandShape(context.input(0));
  const columns = shape.at(-1);
  const places = context.integers(1, 'places');
  if (columns === undefined || places.length === 0 || places.some((place) => place < 0 || place >= columns)) {
    const what = `the places ${places.slice(0, 10)} do not all exist in an operand of ${shape.join('×')}`;
    throw context.error('QP2110', what);
  }
  const all = shape.slice(0, -1).map((size) => [...new Array(size).keys()]);
  const value = rearranged(context, pickAxes(shape, [...all, places]));
  // Of a list, the result has two dimensions.
  return shape.length === 1 ? asRow(value, places.length) : value;
};

function asRow(value: Value, size: number): Value {
  const shape = [1, size];
  if (value.kind === 'const') return { ...value, tensor: { ...value.tensor, shape } };
  return value.kind === 'view' ? { ...value, view: { ...value.view, shape } } : value;
}

/** What the file calls the classes, by the index that the head gives. */
function classOf(context: OperatorContext, head: HeadValue): HeadValue {
  const names = context.input(0);
  const isList = names.kind === 'const' && names.tensor.shape.slice(0, -1).every((size) => size === 1);
  if (head.head !== 'argmax' || head.logits.ids.length === 0 || !isList)
    throw context.unsupported('at a place that the input decides');
  const indices = head.labels ?? [...head.logits.ids.keys()];
  const labels = indices.map((index) => {
    const label = typeof index === 'number' ? labelAt(context, names, index) : undefined;
    if (label === undefined) throw context.error('QP2118', `the file has no name for class ${index}`);
    return label;
  });
  checkLabels(context, labels);
  const rank = names.tensor.shape.length === 1 ? 2 : names.tensor.shape.length;
  return { ...head, labels, shape: new Array<number>(rank).fill(1) };
}

function labelAt(
  { builder }: OperatorContext,
  { tensor, dataType }: ConstValue,
  at: number,
): Label | undefined {
  const value = tensor.data[at];
  if (value === undefined) return undefined;
  if (dataType === STRING) return builder.texts[value];
  return DATA_TYPES[dataType]?.float === true && !Number.isInteger(value) ? undefined : value;
}
