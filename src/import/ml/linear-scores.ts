import { dense } from '../dense.ts';
import { DATA_TYPES, precisionOf } from '../onnx/data-types.ts';
import type { OperatorContext } from '../onnx/operator.ts';
import { shapeText, type TensorView } from '../tensor.ts';
import { numbersOf } from './numbers.ts';

/** An affine map of the features of a row. */
export interface LinearModel {
  readonly targets: number;
  /** Target after target, one per feature. */
  readonly coefficients: readonly number[];
  /** One per target; zeros without. */
  readonly bias: readonly number[] | undefined;
}

/**
 * Adds an affine map of the node's operand.
 *
 * @returns [1, targets]
 * @throws QuietproofError QP2110 if the coefficients do not fit, QP2105 for an operand that is no float
 */
export function linearScores(context: OperatorContext, model: LinearModel): TensorView {
  const { builder, node } = context;
  const { targets, coefficients, bias } = model;
  const x = featuresOf(context);
  const features = x.ids.length;
  const fits = Number.isSafeInteger(targets) && targets > 0 && coefficients.length === targets * features;
  if (!fits) {
    const what = `${coefficients.length} coefficients do not fit ${features} features and ${targets} targets`;
    throw context.error('QP2110', what);
  }
  const weights = { shape: [targets, features], data: Float64Array.from(coefficients) };
  return dense(builder, node, x, weights, bias === undefined ? undefined : Float64Array.from(bias));
}

/**
 * The features of the only row, [1, features].
 *
 * @throws QuietproofError QP2110 for an operand of several rows, QP2105 for one that is no float
 */
export function featuresOf(context: OperatorContext): TensorView {
  const { view, dataType } = numbersOf(context, 0);
  const { ids, shape } = view;
  const [rows] = shape.length === 1 ? [1] : shape;
  if (shape.length > 2 || shape.length === 0 || rows !== 1)
    throw context.error('QP2110', `${context.node.op} takes one row of features, not ${shapeText(shape)}`);
  if (precisionOf(dataType) === undefined) {
    const what = `${context.node.op} of ${DATA_TYPES[dataType]?.name} is not supported`;
    throw context.error('QP2105', what, 'Cast to float32');
  }
  return { ids, shape: [1, ids.length] };
}
