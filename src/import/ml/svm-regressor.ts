import { Logic } from '../logic.ts';
import type { Operator, OperatorContext } from '../onnx/operator.ts';
import type { TensorView } from '../tensor.ts';
import { kernelSums } from './kernel-sums.ts';
import { featuresOf, linearScores } from './linear-scores.ts';
import { constantView } from './pair-votes.ts';
import { ignoreKernel, machineOf, misfitting } from './support-vectors.ts';

/**
 * Σ coefficient · kernel + rho; without support vectors, a linear function. With `one_class`, 1 where that is above 0, else
 * −1. ONNX Runtime applies no final function to it.
 */
export const svmRegressor: Operator = (context) => {
  const { builder, node, attributes } = context;
  attributes.ignore('post_transform');
  const score = scoreOf(context);
  if (attributes.int('one_class', 0) === 0) return context.viewOf(score);
  const logic = new Logic(builder, node);
  const isOutside = logic.atLeast(constantView(context, [0]), score);
  const two = { shape: [], data: Float64Array.of(-2) };
  return context.viewOf(builder.affine(node, isOutside, two, { shape: [], data: Float64Array.of(1) }));
};

function scoreOf(context: OperatorContext): TensorView {
  const { attributes } = context;
  const count = attributes.int('n_supports', 0);
  const coefficients = attributes.floats('coefficients') ?? [];
  const [rho] = attributes.floats('rho') ?? [];
  if (rho === undefined) throw misfitting(context, 'it has no rho');
  if (count <= 0) {
    ignoreKernel(context);
    return linearScores(context, { targets: 1, coefficients, bias: [rho] });
  }
  const x = featuresOf(context);
  const machine = machineOf(context, x, count);
  if (coefficients.length !== count)
    throw misfitting(context, `${coefficients.length} coefficients are not one for each of ${count} vectors`);
  const weights = Float64Array.from(coefficients);
  return kernelSums(context, x, machine, { weights, bias: Float64Array.of(rho) });
}
