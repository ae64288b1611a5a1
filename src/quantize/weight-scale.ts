import type { EffectiveLinear } from './effective-linear.ts';

/**
 * The scale of a linear node's accumulator, before sums that need finer steps get them (`calibrated-scales.ts`).
 *
 * If every coefficient is a power of two times the smallest one (sums, average pools, residual adds of activations), the
 * smallest is the scale and nothing is rounded. Otherwise it is the finest power of two at which the weights fit their
 * bits. A weight counts in proportion to the reach of its input, so a weight on a one-hot column may have more bits than
 * one on an amount: weights cost nothing, only the range of the accumulator does, and that stays the same.
 *
 * Computed with × ÷ only, so it is the same on every machine.
 */
export function accumulatorScale(linear: EffectiveLinear, weightBits: number): number {
  const exact = exactScale(linear);
  if (exact === 'no weights') return constantScale(linear.bias, weightBits);
  if (exact !== undefined) return exact;
  const largest = Math.max(...linear.blocks.map(largestReach), 0);
  const largestDiagonal = Math.max(...linear.diagonals.map(largestReach), 0);
  const reference = largest > 0 ? largest : largestDiagonal;
  return powerOfTwoScale(reference, 2 ** (weightBits - 1) - 1);
}

/** Constants alone have as many bits as weights. */
function constantScale(bias: Float64Array, bits: number): number {
  const largest = bias.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest === 0 ? 1 : powerOfTwoScale(largest, 2 ** (bits - 1) - 1);
}

/** The smallest power of two s with magnitude / s ≤ limit. */
export function powerOfTwoScale(magnitude: number, limit: number): number {
  let scale = 1;
  while (magnitude / scale > limit) scale *= 2;
  while (magnitude / (scale / 2) <= limit && scale > 2 ** -200) scale /= 2;
  return scale;
}

function exactScale(linear: EffectiveLinear): number | 'no weights' | undefined {
  let smallest = Infinity;
  let largest = 0;
  const coefficients = [...linear.blocks, ...linear.diagonals].map((part) => part.weights);
  for (const weights of coefficients) {
    for (const weight of weights) {
      if (weight === 0) continue;
      smallest = Math.min(smallest, Math.abs(weight));
      largest = Math.max(largest, Math.abs(weight));
    }
  }
  if (largest === 0) return 'no weights';
  if (largest / smallest > 2 ** 16) return undefined;
  const allPowers = coefficients.every((weights) =>
    weights.every((weight) => weight === 0 || isPowerOfTwo(Math.abs(weight) / smallest)),
  );
  return allPowers ? smallest : undefined;
}

function isPowerOfTwo(value: number): boolean {
  let rest = value;
  while (rest > 1) rest /= 2;
  return rest === 1;
}

/** The largest |weight| · reach; the rows of a block share one `reach`. */
function largestReach({ weights, reach }: { weights: Float64Array; reach: Float64Array }): number {
  let largest = 0;
  for (let i = 0; i < weights.length; i += 1) {
    largest = Math.max(largest, Math.abs(weights[i]!) * reach[i % reach.length]!);
  }
  return largest;
}
