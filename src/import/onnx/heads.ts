import { sizeOf, type TensorView } from '../tensor.ts';
import type { Operator, OperatorContext } from './operator.ts';
import type { HeadValue } from './value.ts';

/** A final sigmoid, 1 / (1 + e^−x). It is monotone, so the circuit decides on the logit. */
export const sigmoid: Operator = (context) => head(context, 'sigmoid', context.view(0));

/** A final softmax or log-softmax. Both preserve the order of the logits, so the circuit decides on those. */
export const softmax: Operator = (context) => {
  const logits = context.view(0);
  const { shape } = logits;
  const axis = context.axis(context.attributes.int('axis', context.opset < 13 ? 1 : -1), shape.length);
  // Before operator set 13, softmax normalized over all axes from this one on.
  const group = context.opset < 13 ? sizeOf(shape.slice(axis)) : shape[axis]!;
  if (group !== logits.ids.length) throw context.unsupported('over only part of the output');
  return head(context, 'softmax', logits);
};

/** A final argmax over the whole output, possibly after a Softmax or a Sigmoid. */
export const argMax: Operator = (context) => {
  const before = context.inputs[0];
  const logits = before?.kind === 'head' && before.head !== 'argmax' ? before.logits : context.view(0);
  const axis = context.axis(context.attributes.int('axis', 0), logits.shape.length);
  context.attributes.ignore('keepdims');
  if (context.attributes.int('select_last_index', 0) !== 0)
    throw context.unsupported('with select_last_index');
  if (logits.shape[axis] !== logits.ids.length) throw context.unsupported('over only part of the output');
  return head(context, 'argmax', logits);
};

function head(context: OperatorContext, kind: HeadValue['head'], logits: TensorView): HeadValue {
  return { kind: 'head', head: kind, logits, node: context.node };
}
