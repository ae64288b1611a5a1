import type { OperatorContext } from '../onnx/operator.ts';
import type { Label } from '../onnx/value.ts';
import type { TensorView } from '../tensor.ts';
import type { PostTransform } from './post-transform.ts';

/** How the scores of an ensemble become a label and probabilities. */
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
