import { ZERO } from '../../graph/float-graph.ts';
import { Logic } from '../logic.ts';
import { oppositeScores } from '../ml/opposite-scores.ts';
import { sizeOf, type TensorView } from '../tensor.ts';
import {
  BOOL,
  DATA_TYPES,
  type DataType,
  dataTypeName,
  FLOAT,
  INT64,
  precisionOf,
  STRING,
  toDataType,
} from './data-types.ts';
import { type Operator, type OperatorContext, textsComputedWith } from './operator.ts';
import { anyOperand, operandShape } from './shape-operators.ts';
import type { HeadValue, Value, ViewValue } from './value.ts';

/** Returns the operand. */
export const identity: Operator = (context) => anyOperand(context);

/** Dropout does nothing outside training; its mask then keeps everything. */
export const dropout: Operator = (context) => {
  context.attributes.ignore('ratio', 'seed');
  const training = context.inputs[2];
  if (training !== undefined && context.constant(2, 'training modes').data.some((value) => value !== 0)) {
    throw context.unsupported('in training mode', 'Export in eval mode');
  }
  const value = anyOperand(context);
  if (context.outputCount < 2) return value;
  const shape = operandShape(value);
  const data = new Float64Array(sizeOf(shape)).fill(1);
  return { kind: 'outputs', values: [value, { kind: 'const', tensor: { shape, data }, dataType: BOOL }] };
};

/** Casts to the type of the second operand. */
export const castLike: Operator = (context) => castTo(context, context.input(1).dataType);

/**
 * Casts constants exactly. Activations may change between float types; the proof is of the arithmetic without their
 * rounding, which accuracy is measured against. A label may take any type that holds every label.
 */
export const cast: Operator = (context) => castTo(context, context.attributes.int('to', 0));

function castTo(context: OperatorContext, to: number): Value {
  context.attributes.ignore('saturate');
  const type = DATA_TYPES[to];
  if (to === STRING && isNamed(context.inputs[0])) return context.inputs[0]!;
  if (type === undefined)
    throw context.error('QP2105', `${context.node.op} to ${dataTypeName(to)} is not supported`);
  const value = anyOperand(context);
  if (value.kind === 'head') return castHead(context, value, to);
  if (value.kind === 'const') {
    const data = value.tensor.data.map((number) => toDataType(to, number));
    return { ...value, tensor: { ...value.tensor, data }, dataType: to };
  }
  if (value.dataType === STRING) throw textsComputedWith(context.builder, context.node);
  return castView(context, value, to);
}

/** Whether a value is a label that is a string already. */
function isNamed(value: Value | undefined): boolean {
  return value?.kind === 'head' && typeof value.labels?.[0] === 'string';
}

function castView(context: OperatorContext, value: ViewValue, to: number): Value {
  if (to === BOOL && value.dataType !== BOOL) return isNotZero(context, value.view);
  const [target, source] = [DATA_TYPES[to]!, DATA_TYPES[value.dataType]!];
  // Integers that a row has are integers of any wider type.
  const isWider = !source.float && !target.float && target.bytes >= Math.min(source.bytes, 4);
  const label = target.float ? undefined : labelOfSign(context, value.view);
  if (label !== undefined) return label;
  if (!target.float && to !== value.dataType && !isWider) {
    if (source.float && CUT_TO.includes(to)) return cutOff(context, value, to);
    throw context.unsupported(`of activations to ${dataTypeName(to)}`);
  }
  if (precisionOf(to) === 'bfloat16') throw context.error('QP2105', BFLOAT16);
  return { kind: 'view', view: castNumbers(context, value, to), dataType: to };
}

/** Integers that hold every whole number that is compared with: int32 and int64. */
const CUT_TO: readonly number[] = [6, INT64];

/** Whole numbers of activations: only whether they are equal to a constant can be proved. */
function cutOff(context: OperatorContext, { view }: ViewValue, to: number): ViewValue {
  const { builder, node } = context;
  const error = context.unsupported(`of activations to ${dataTypeName(to)}`);
  const ids = builder.copyRefused(node, view.ids, error);
  ids.forEach((id, i) => {
    builder.cut.set(id, view.ids[i]!);
  });
  return { kind: 'view', view: { shape: view.shape, ids }, dataType: to };
}

/**
 * The sign of one score as an integer, as scikit-learn's outlier detectors give it: of [0, s, −s], the first of the largest
 * is 0 where s is 0, else the sign.
 */
function labelOfSign(context: OperatorContext, { ids, shape }: TensorView): HeadValue | undefined {
  const score = ids.length === 1 ? context.builder.signs.get(ids[0]!) : undefined;
  if (score === undefined) return undefined;
  const ends = oppositeScores(context, score).ids;
  const logits = { shape: [1, 3], ids: Int32Array.of(ZERO, ends[1]!, ends[0]!) };
  const { node } = context;
  const scores = Int32Array.of(score);
  return { kind: 'head', head: 'argmax', logits, shape, dataType: FLOAT, node, labels: [0, 1, -1], scores };
}

/** Numbers of another type. Rounding is left out, but noted for a comparison that needs it. */
export function castNumbers(context: OperatorContext, { view, dataType }: ViewValue, to: number): TensorView {
  const { builder, node } = context;
  if (!isRounded(DATA_TYPES[dataType]!, DATA_TYPES[to]!) || !builder.exact.isNeeded) return view;
  const ids = builder.copy(node, view.ids);
  builder.exact.record(ids, view.ids, () => ({ kind: 'round', precision: precisionOf(to)! }));
  return { ...view, ids };
}

/** Whether some numbers of a type change in another: a float has fewer exact integers than an integer of its size. */
function isRounded(from: DataType, to: DataType): boolean {
  return to.bytes < from.bytes || (to.float && !from.float && to.bytes === from.bytes);
}

function isNotZero({ builder, node }: OperatorContext, x: TensorView): Value {
  const zeros = { shape: x.shape, ids: new Int32Array(x.ids.length).fill(ZERO) };
  const logic = new Logic(builder, node);
  return { kind: 'view', view: logic.not(logic.equal(x, zeros)), dataType: BOOL };
}

/** Why activations cannot have this type. */
export const BFLOAT16 =
  'Activations of bfloat16 are not supported: ONNX Runtime, which the proof is compared with, computes nothing in it';

/** A cast may not merge labels, or scores that differ: then the file would answer something else. */
function castHead(context: OperatorContext, value: HeadValue, to: number): HeadValue {
  const type = DATA_TYPES[to]!;
  if (value.head === 'argmax') {
    const labels = value.labels ?? [...value.logits.ids.keys()];
    for (const label of labels) {
      if (typeof label === 'string' || toDataType(to, label) !== label)
        throw context.unsupported(
          `of ${labels.length} labels to ${type.name}, which cannot hold label ${label},`,
        );
    }
    return { ...value, dataType: to };
  }
  const isExact = type.float && type.bytes >= DATA_TYPES[value.dataType]!.bytes;
  if (isExact) return value;
  throw context.unsupported(`of a ${value.head} to ${type.name}`);
}
