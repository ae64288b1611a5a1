import type { OperatorContext } from '../onnx/operator.ts';
import type { Value } from '../onnx/value.ts';
import type { TensorView } from '../tensor.ts';

/** By number, as TreeEnsemble writes them. */
export const POST_TRANSFORMS = ['NONE', 'SOFTMAX', 'LOGISTIC', 'SOFTMAX_ZERO', 'PROBIT'] as const;
export type PostTransform = (typeof POST_TRANSFORMS)[number];

export function postTransformOf(context: OperatorContext): PostTransform {
  const name = context.attributes.string('post_transform', 'NONE');
  const known = POST_TRANSFORMS.find((one) => one === name);
  if (known !== undefined) return known;
  throw context.unsupported(`with the post_transform ${JSON.stringify(name.slice(0, 30))}`);
}

/**
 * Scores after the ensemble's final function, which is left out of the proof as that of a neural network is; undefined
 * for one that cannot be left out.
 */
export function transformed(
  context: OperatorContext,
  scores: TensorView,
  dataType: number,
  transform: PostTransform,
): Value | undefined {
  const { node } = context;
  const head = (kind: 'sigmoid' | 'softmax'): Value => {
    return { kind: 'head', head: kind, logits: scores, shape: scores.shape, dataType, node };
  };
  switch (transform) {
    case 'NONE':
      return { kind: 'view', view: scores, dataType };
    case 'LOGISTIC':
      return head('sigmoid');
    case 'SOFTMAX':
      return head('softmax');
    case 'SOFTMAX_ZERO':
    case 'PROBIT':
      return undefined;
  }
}
