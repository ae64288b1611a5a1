import type { OutputKind } from '@quietproof/verify';
import type { StatedOutput } from '../integer/integer-graph.ts';

/** What the statement calls each kind of output. Only the interface says how a label is decided. */
export const STATED_AS: { readonly [K in OutputKind]: StatedOutput } = {
  logits: 'logits',
  argmax: 'label',
  threshold: 'label',
};
