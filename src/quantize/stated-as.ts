import type { OutputKind } from '@quietproof/verify';
import type { StatedOutput } from '../integer/integer-graph.ts';

/** What can be stated of one output. */
export type DecidedAs = Exclude<StatedOutput, 'mixed'>;

/** What the statement calls each kind of output. Only the interface says how a label is decided. */
export const STATED_AS: { readonly [K in OutputKind]: DecidedAs } = {
  logits: 'logits',
  argmax: 'label',
  threshold: 'label',
};
