import { dense } from '../dense.ts';
import type { OperatorContext } from '../onnx/operator.ts';
import { concatViews } from '../rearrange.ts';
import type { TensorView } from '../tensor.ts';
import type { Machine } from './support-vectors.ts';

/** Sums over the kernels of all support vectors: `weights` is [bias.length, count]. */
export interface KernelSums {
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

/**
 * −gamma · |x − v|² per support vector, as −gamma · |x|² + 2 gamma · v·x − gamma · |v|²: the squares of x are shared, all
 * else is linear. Both x and v are taken from the middle of the support vectors, since squares of numbers far from 0 (years,
 * say) would cancel in the difference and lose its bits.
 */
export function distanceExponents(context: OperatorContext, x: TensorView, machine: Machine): TensorView {
  const { builder, node } = context;
  const { vectors, features, count, kernel } = machine;
  const middle = middlesOf(machine);
  const centred = builder.affine(node, x, undefined, {
    shape: [1, features],
    data: middle.map((value) => -value),
  });
  const squares = builder.binary(node, 'product', centred, centred);
  const taps = 2 * features;
  const weights = new Float64Array(count * taps);
  const bias = new Float64Array(count);
  for (let v = 0; v < count; v += 1) {
    for (let f = 0; f < features; f += 1) {
      const value = vectors[v * features + f]! - middle[f]!;
      weights[v * taps + f] = 2 * kernel.gamma * value;
      weights[v * taps + features + f] = -kernel.gamma;
      bias[v]! -= kernel.gamma * value * value;
    }
  }
  const both = concatViews([centred, squares], 1);
  return dense(builder, node, both, { shape: [count, taps], data: weights }, bias);
}

/** By feature: the middle between the smallest and the largest of the support vectors. */
function middlesOf({ vectors, features, count }: Machine): Float64Array {
  return Float64Array.from({ length: features }, (_, f) => {
    let [low, high] = [Infinity, -Infinity];
    for (let v = 0; v < count; v += 1) {
      low = Math.min(low, vectors[v * features + f]!);
      high = Math.max(high, vectors[v * features + f]!);
    }
    return low / 2 + high / 2;
  });
}

/**
 * Σ weight · (gamma · v·x + coef0)², as a quadratic form of x: one product per pair of features, whatever the number of
 * support vectors, and nothing is rounded between.
 */
export function quadraticSums(
  { builder, node }: OperatorContext,
  x: TensorView,
  { vectors, features, count, kernel }: Machine,
  { weights, bias }: KernelSums,
): TensorView {
  const { gamma, coef0 } = kernel;
  const pairs = pairsOf(features);
  const taps = features + pairs.length;
  const form = new Float64Array(bias.length * taps);
  const shifted = bias.slice();
  for (let row = 0; row < bias.length; row += 1) {
    for (let v = 0; v < count; v += 1) {
      const weight = weights[row * count + v]!;
      const at = (f: number) => gamma * vectors[v * features + f]!;
      shifted[row]! += weight * coef0 * coef0;
      for (let f = 0; f < features; f += 1) form[row * taps + f]! += 2 * weight * coef0 * at(f);
      for (const [k, [f, g]] of pairs.entries())
        form[row * taps + features + k]! += weight * at(f) * at(g) * (f === g ? 1 : 2);
    }
  }
  const side = (end: 0 | 1): TensorView => ({
    shape: [1, pairs.length],
    ids: Int32Array.from(pairs, (pair) => x.ids[pair[end]]!),
  });
  const both = concatViews([x, builder.binary(node, 'product', side(0), side(1))], 1);
  return dense(builder, node, both, { shape: [bias.length, taps], data: form }, shifted);
}

/** Every pair of features once, a feature with itself too. */
function pairsOf(features: number): (readonly [number, number])[] {
  const pairs: [number, number][] = [];
  for (let f = 0; f < features; f += 1) for (let g = f; g < features; g += 1) pairs.push([f, g]);
  return pairs;
}
