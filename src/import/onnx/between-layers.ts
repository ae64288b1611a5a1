import { dense } from '../dense.ts';
import { firstLargest } from '../first-largest.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { logSoftmaxOver, softmaxOver } from '../softmax.ts';
import type { TensorView } from '../tensor.ts';
import type { HeadValue, ViewValue } from './value.ts';

/** The values that stand for final functions which other operators read, by what the functions read: one each. */
const computed = new WeakMap<TensorView, Map<string, Int32Array>>();

/** A final function as values, for an operator that reads it. Undefined for a label that is a text, which is no number. */
export function computedHead(builder: GraphBuilder, head: HeadValue): ViewValue | undefined {
  const { logits, shape, dataType, node, labels } = head;
  const known = computed.get(logits) ?? new Map<string, Int32Array>();
  computed.set(logits, known);
  const key = `${head.head} ${node.op} ${labels?.join() ?? ''}`;
  const ids = known.get(key) ?? COMPUTED[head.head](builder, head);
  if (ids === undefined) return undefined;
  known.set(key, ids);
  return { kind: 'view', view: { ids, shape }, dataType };
}

type Compute = (builder: GraphBuilder, head: HeadValue) => Int32Array | undefined;

const COMPUTED: { readonly [K in HeadValue['head']]: Compute } = {
  sigmoid: (builder, { node, logits }) =>
    builder.activation(node, logits, { kind: 'tabulated', of: { name: 'sigmoid' } }).ids,

  softmax: (builder, { node, logits }) => {
    const over = node.op === 'LogSoftmax' ? logSoftmaxOver : softmaxOver;
    return over(builder, node, itemsOf(builder, logits), [1]).ids;
  },

  /** The label of the first of the largest scores, as a sum over a choice of one. */
  argmax: (builder, { node, logits, labels }) => {
    const items = itemsOf(builder, logits);
    const count = items.shape[1]!;
    const numbers = labels ?? Array.from({ length: count }, (_, index) => index);
    if (!numbers.every((label) => typeof label === 'number')) return undefined;
    const chosen = firstLargest(builder, node, items, 1);
    return dense(builder, node, chosen, { shape: [1, count], data: Float64Array.from(numbers) }).ids;
  },
};

/** One row for each that the model takes at once. */
function itemsOf({ batch }: GraphBuilder, { ids }: TensorView): TensorView {
  return { shape: [batch, ids.length / batch], ids };
}
