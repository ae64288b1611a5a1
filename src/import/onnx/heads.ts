import { reshapeView } from '../rearrange.ts';
import { beforeOrder } from '../same-order.ts';
import { logSoftmaxOver, softmaxOver } from '../softmax.ts';
import { sizeOf, type TensorView } from '../tensor.ts';
import { FLOAT, INT64 } from './data-types.ts';
import { negative } from './extremes.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { orderOf } from './sigmoid-heads.ts';
import type { HeadValue, Value } from './value.ts';

/** A final sigmoid, 1 / (1 + e^−x). It is monotone, so the circuit decides on the logit. */
export const sigmoid: Operator = (context) => head(context, 'sigmoid', context.view(0));

/**
 * A final softmax or log-softmax over the whole output. Both preserve the order of the logits, so the circuit decides on
 * those. Over parts of a value, they are computed.
 */
export const softmax: Operator = (context) => {
  const logits = context.view(0);
  const { shape } = logits;
  const axis = context.axis(context.attributes.int('axis', context.opset < 13 ? 1 : -1), shape.length);
  // Before operator set 13, softmax normalized over all axes from this one on.
  const group = context.opset < 13 ? sizeOf(shape.slice(axis)) : shape[axis]!;
  const { builder, node, opset } = context;
  const isWhole = group * builder.batch === logits.ids.length && (builder.batch === 1 || axis > 0);
  if (isWhole) return head(context, 'softmax', logits);
  const over = node.op === 'LogSoftmax' ? logSoftmaxOver : softmaxOver;
  if (opset >= 13) return context.viewOf(over(builder, node, logits, [axis]));
  const flat = reshapeView(logits, [logits.ids.length / group, group]);
  return context.viewOf(reshapeView(over(builder, node, flat, [1]), shape));
};

/**
 * A final argmax over the whole output, possibly after a Softmax, which keeps the largest score apart from the others, or
 * after sigmoids, of which every large one is exactly 1 in float32, so that the first of them wins.
 */
export const argMax: Operator = (context) => extreme(context, 'largest');

/** A final argmin: the argmax of the negative scores, of which the first also wins. */
export const argMin: Operator = (context) => extreme(context, 'smallest');

function extreme(context: OperatorContext, wanted: 'largest' | 'smallest'): HeadValue {
  const before = context.inputs[0];
  const logits = scoresOf(context, before);
  const axis = context.axis(context.attributes.int('axis', 0), logits.shape.length);
  const keep = context.attributes.int('keepdims', 1) !== 0;
  if (context.attributes.int('select_last_index', 0) !== 0)
    throw context.unsupported('with select_last_index');
  const { batch } = context.builder;
  if (logits.shape[axis]! * batch !== logits.ids.length || (batch > 1 && axis === 0)) {
    throw context.unsupported('over only part of the output');
  }
  const shape = keep ? logits.shape.with(axis, 1) : logits.shape.toSpliced(axis, 1);
  const scores = wanted === 'largest' ? logits : negative(context.builder, context.node, logits);
  return { ...head(context, 'argmax', scores), shape, dataType: INT64 };
}

/** The scores whose order the operand has. */
function scoresOf(context: OperatorContext, before: Value | undefined): TensorView {
  if (before?.kind !== 'head' || before.head === 'argmax')
    return beforeOrder(context.builder, context.view(0));
  if (before.head === 'sigmoid') return orderOf(context, before);
  return { ids: before.logits.ids, shape: before.shape };
}

function head(context: OperatorContext, kind: HeadValue['head'], logits: TensorView): HeadValue {
  const before = context.inputs[0];
  const dataType = before === undefined ? FLOAT : before.dataType;
  return { kind: 'head', head: kind, logits, shape: logits.shape, dataType, node: context.node };
}
