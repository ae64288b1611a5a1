import { uniform } from '../uniform.ts';

/**
 * The factor that all these values lack; 1 if none of them is a value (padding only), undefined if they differ.
 *
 * @param factors by value id: multiplying the value by it gives the original one
 */
export function commonFactor(ids: Int32Array, factors: Float64Array): number | undefined {
  const found = Float64Array.from(ids, (id) => (id < 0 ? Number.NaN : factors[id]!));
  const factor = uniform(found, 0, found.length);
  return Number.isNaN(factor) ? 1 : factor;
}
