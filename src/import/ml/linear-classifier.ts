import type { Operator } from '../onnx/operator.ts';
import { classifierOutputs } from './classifier-scores.ts';
import { readLabels } from './labels.ts';
import { linearScores } from './linear-scores.ts';
import { oppositeScores } from './opposite-scores.ts';
import { postTransformOf } from './post-transform.ts';

/**
 * A score per class, and the class of the largest one. The number of intercepts is that of scores, as in ONNX Runtime; a
 * single score decides between two classes: the second one if it is above 0.
 */
export const linearClassifier: Operator = (context) => {
  const { attributes } = context;
  // ONNX Runtime does not read it: the coefficients are the same either way.
  attributes.ignore('multi_class');
  const coefficients = attributes.floats('coefficients') ?? [];
  const intercepts = attributes.floats('intercepts') ?? [];
  const labels = readLabels(context, 'classlabels_ints');
  const transform = postTransformOf(context);
  const targets = intercepts.length;
  const sums = linearScores(context, { targets, coefficients, bias: intercepts });
  const wanted = targets === 1 ? 2 : targets;
  if (labels.length !== wanted)
    throw context.error('QP2118', `${labels.length} class labels for ${targets} scores`);
  if (targets > 1) return classifierOutputs(context, { logits: sums, labels, scores: sums, transform });
  const logits = oppositeScores(context, sums.ids[0]!);
  // Without a sigmoid, the scores of the two classes are 1 − s and s, and no final function is applied to them.
  const isFinal = transform === 'LOGISTIC' || transform === 'PROBIT';
  const scores = transform === 'LOGISTIC' ? logits : oppositeScores(context, sums.ids[0]!, 1);
  return classifierOutputs(context, { logits, labels, scores, transform: isFinal ? transform : 'NONE' });
};
