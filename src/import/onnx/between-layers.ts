import type { GraphBuilder } from '../graph-builder.ts';
import type { HeadValue, ViewValue } from './value.ts';

/** The activations that stand for sigmoids which other operators read: one each, however many read it. */
const computed = new WeakMap<HeadValue, ViewValue>();

/** A sigmoid as an activation, for an operator that reads it. Undefined for other heads, which are not computed. */
export function computedHead(builder: GraphBuilder, head: HeadValue): ViewValue | undefined {
  if (head.head !== 'sigmoid') return undefined;
  const known = computed.get(head);
  if (known !== undefined) return known;
  const { logits, shape, dataType, node } = head;
  const { ids } = builder.activation(node, logits, { kind: 'tabulated', of: { name: 'sigmoid' } });
  const view: ViewValue = { kind: 'view', view: { ids, shape }, dataType };
  computed.set(head, view);
  return view;
}
