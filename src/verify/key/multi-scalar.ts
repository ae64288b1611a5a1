import { bn254 } from '@noble/curves/bn254.js';
import type { G1Point } from './point-types.ts';

/** Bits. The buckets of a larger window would cost too much memory for the additions they save. */
const MAX_WINDOW = 12;

/**
 * Σ scalarᵢ · pointᵢ by Pippenger's bucket method, over the bits of the largest scalar. All values are public, so
 * constant time is not needed; noble's additions are complete.
 *
 * @param scalars one per point, non-negative
 */
export function sumOfProducts(points: readonly G1Point[], scalars: readonly bigint[]): G1Point {
  const zero = bn254.G1.Point.ZERO as G1Point;
  const bits = scalars.reduce((most, scalar) => Math.max(most, bitLength(scalar)), 0);
  const window = chooseWindow(points.length, bits);
  const mask = (1n << BigInt(window)) - 1n;
  let result = zero;
  for (let at = Math.ceil(bits / window) - 1; at >= 0; at -= 1) {
    if (!result.is0()) for (let i = 0; i < window; i += 1) result = result.double();
    const shift = BigInt(at * window);
    const buckets: (G1Point | undefined)[] = [];
    for (const [index, point] of points.entries()) {
      const digit = Number(((scalars[index] as bigint) >> shift) & mask);
      if (digit !== 0) buckets[digit] = buckets[digit]?.add(point) ?? point;
    }
    result = result.add(sumOfBuckets(buckets, zero));
  }
  return result;
}

/** The window size with the fewest additions: per window, one for each point and two for each bucket. */
function chooseWindow(points: number, bits: number): number {
  let [best, fewest] = [1, Number.POSITIVE_INFINITY];
  for (let window = 1; window <= MAX_WINDOW; window += 1) {
    const additions = Math.ceil(bits / window) * (points + 2 ** (window + 1));
    if (additions < fewest) [best, fewest] = [window, additions];
  }
  return best;
}

/** Σ digit · bucket, with two additions per digit. */
function sumOfBuckets(buckets: readonly (G1Point | undefined)[], zero: G1Point): G1Point {
  let [running, total] = [zero, zero];
  for (let digit = buckets.length - 1; digit > 0; digit -= 1) {
    const bucket = buckets[digit];
    if (bucket !== undefined) running = running.add(bucket);
    if (!running.is0()) total = total.add(running);
  }
  return total;
}

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}
