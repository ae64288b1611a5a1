import type { OutputKind } from '@quietproof/verify';
import type { StatedOutput } from '../integer/integer-graph.ts';

/** What the statement calls an output: how a label is decided, only the interface says. */
export const STATED_AS: { readonly [K in OutputKind]: StatedOutput } = {
  logits: 'logits',
  argmax: 'label',
  threshold: 'label',
};
