import { concatViews } from './rearrange.ts';
import type { TensorView } from './tensor.ts';

/**
 * Applies an operator of one item to every item of a batch.
 *
 * @param x [n, …]
 * @param apply from [1, …] to [1, …]
 */
export function perItem(x: TensorView, apply: (item: TensorView) => TensorView): TensorView {
  const [count = 1, ...shape] = x.shape;
  if (count === 1) return apply(x);
  const size = x.ids.length / count;
  const items = Array.from({ length: count }, (_, k) =>
    apply({ shape: [1, ...shape], ids: x.ids.subarray(k * size, (k + 1) * size) }),
  );
  return concatViews(items, 0);
}
