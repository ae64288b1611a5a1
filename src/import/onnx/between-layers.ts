import type { GraphBuilder } from '../graph-builder.ts';
import { logSoftmaxOver, softmaxOver } from '../softmax.ts';
import type { HeadValue, ViewValue } from './value.ts';

/** The values that stand for final functions which other operators read: one each, however many read it. */
const computed = new WeakMap<HeadValue, ViewValue>();

/** A sigmoid or softmax as values, for an operator that reads it. Undefined for a label, which is not computed. */
export function computedHead(builder: GraphBuilder, head: HeadValue): ViewValue | undefined {
  if (head.head === 'argmax') return undefined;
  const known = computed.get(head);
  if (known !== undefined) return known;
  const { logits, shape, dataType, node } = head;
  const items = { shape: [builder.batch, logits.ids.length / builder.batch], ids: logits.ids };
  const over = node.op === 'LogSoftmax' ? logSoftmaxOver : softmaxOver;
  const { ids } =
    head.head === 'sigmoid'
      ? builder.activation(node, logits, { kind: 'tabulated', of: { name: 'sigmoid' } })
      : over(builder, node, items, [1]);
  const view: ViewValue = { kind: 'view', view: { ids, shape }, dataType };
  computed.set(head, view);
  return view;
}
