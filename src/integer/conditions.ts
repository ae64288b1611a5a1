import { QuietproofError } from '../errors/quietproof-error.ts';
import { type Bounds, lowerBound, upperBound } from './bounds.ts';

/** @throws QuietproofError QP3035 if a condition of the node could be something other than 0 or 1 */
export function requireConditions(
  { name, condition }: { readonly name: string; readonly condition: Int32Array },
  bounds: Bounds,
): void {
  for (const [i, id] of condition.entries()) {
    const [lo, hi] = [lowerBound(bounds, id), upperBound(bounds, id)];
    if (lo >= 0 && hi <= 1) continue;
    throw new QuietproofError('QP3035', { where: `layer "${name}", condition ${i} within ${lo} … ${hi}` });
  }
}
