import type { Tabulated } from '../../graph/functions/tabulated.ts';
import { dense } from '../dense.ts';
import type { OperatorContext } from '../onnx/operator.ts';
import type { TensorView } from '../tensor.ts';
import { distanceExponents, type KernelSums, quadraticSums } from './kernel-products.ts';
import type { Machine } from './support-vectors.ts';

/**
 * Adds weighted sums of kernels. A linear kernel folds into one layer; a square is a sum of products of two features where
 * these are fewer than the bits that a value per support vector would cost. Every other kernel is one value per support
 * vector.
 *
 * @param x [1, features]
 * @returns [1, sums]
 */
export function kernelSums(
  context: OperatorContext,
  x: TensorView,
  machine: Machine,
  sums: KernelSums,
): TensorView {
  const { kernel, features, count } = machine;
  if (kernel.kind === 'LINEAR') return linearSums(context, x, machine, sums, 1, 0);
  if (kernel.kind === 'POLY' && kernel.degree === 1)
    return linearSums(context, x, machine, sums, kernel.gamma, kernel.coef0);
  const isSquare = kernel.kind === 'POLY' && kernel.degree === 2;
  if (isSquare && (features * (features + 1)) / 2 <= VALUE_COST * count)
    return quadraticSums(context, x, machine, sums);
  const { builder, node } = context;
  const weights = { shape: [sums.bias.length, count], data: sums.weights };
  return dense(builder, node, kernelValues(context, x, machine), weights, sums.bias);
}

/** Constraints of rounding a value per support vector, beside the one of a product. */
const VALUE_COST = 16;

/** Σ weight · (gamma · v·x + coef0), one linear layer whatever the number of support vectors. */
function linearSums(
  { builder, node }: OperatorContext,
  x: TensorView,
  { features, vectors, count }: Machine,
  { weights, bias }: KernelSums,
  gamma: number,
  coef0: number,
): TensorView {
  const folded = new Float64Array(bias.length * features);
  const shifted = bias.slice();
  for (let row = 0; row < bias.length; row += 1) {
    for (let v = 0; v < count; v += 1) {
      const weight = weights[row * count + v]!;
      shifted[row]! += weight * coef0;
      for (let f = 0; f < features; f += 1)
        folded[row * features + f]! += weight * gamma * vectors[v * features + f]!;
    }
  }
  return dense(builder, node, x, { shape: [bias.length, features], data: folded }, shifted);
}

/** The kernel of every support vector, [1, count]. */
function kernelValues(context: OperatorContext, x: TensorView, machine: Machine): TensorView {
  const { builder, node } = context;
  const { kernel } = machine;
  const { kind, gamma, coef0, degree } = kernel;
  const look = (arguments_: TensorView, of: Tabulated) =>
    builder.activation(node, arguments_, { kind: 'tabulated', of });
  if (kind === 'RBF') return look(distanceExponents(context, x, machine), { name: 'exp' });
  const inner = innerProducts(context, x, machine, gamma, coef0);
  if (kind === 'SIGMOID') return look(inner, { name: 'tanh' });
  if (degree === 0) throw context.unsupported('with a polynomial kernel of degree 0');
  const times = (a: TensorView, b: TensorView) => builder.binary(node, 'product', a, b);
  if (degree === 2) return times(inner, inner);
  if (degree === 3) return times(times(inner, inner), inner);
  return look(inner, { name: 'power', exponent: degree });
}

/** gamma · v·x + coef0, per support vector. */
function innerProducts(
  { builder, node }: OperatorContext,
  x: TensorView,
  { vectors, features, count }: Machine,
  gamma: number,
  coef0: number,
): TensorView {
  const weights = Float64Array.from(vectors, (value) => gamma * value);
  return dense(
    builder,
    node,
    x,
    { shape: [count, features], data: weights },
    new Float64Array(count).fill(coef0),
  );
}
