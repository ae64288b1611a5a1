import { FLOAT } from '../onnx/data-types.ts';
import type { OperatorContext } from '../onnx/operator.ts';
import type { HeadValue, Label, Outputs, Value } from '../onnx/value.ts';
import type { TensorView } from '../tensor.ts';
import { type PostTransform, transformed } from './post-transform.ts';

/** How the scores of a model become a label and probabilities. */
export interface ClassifierScores {
  /** The label is the lowest index of the largest of these, in the order of `labels`. */
  readonly logits: TensorView;
  readonly labels: readonly Label[];
  readonly scores: TensorView;
  readonly transform: PostTransform;
}

/** The error for an ensemble whose answer depends on which classes or targets a row's leaves write to. */
export function partlyScored(context: OperatorContext) {
  return context.unsupported(
    'in which some leaves write only to some targets',
    'Give every leaf a weight for every class or target',
  );
}

/** Both outputs of a classifier: the label, and the scores after the final function. */
export function classifierOutputs(
  context: OperatorContext,
  { logits, labels, scores, transform }: ClassifierScores,
): Outputs {
  const label: HeadValue = {
    kind: 'head',
    head: 'argmax',
    logits,
    shape: [1],
    dataType: FLOAT,
    node: context.node,
    labels,
    scores: scores.ids,
  };
  const probabilities: Value | undefined = transformed(context, scores, FLOAT, transform);
  return { kind: 'outputs', values: [label, probabilities] };
}
