import type { Operator } from '../onnx/operator.ts';
import { anyOperand } from '../onnx/shape-operators.ts';
import { readLabels } from './labels.ts';

/** Pairs scores with the names of their classes: the scores stay as they are, and an output of them has these names. */
export const zipMap: Operator = (context) => {
  const value = anyOperand(context);
  const labels = readLabels(context);
  const scores = value.kind === 'head' ? value.logits : context.view(0);
  if (scores.ids.length !== labels.length)
    throw context.error('QP2118', `${labels.length} names for ${scores.ids.length} scores`);
  context.builder.scoreNames.set(scores.ids[0]!, labels.map(String));
  return value;
};
