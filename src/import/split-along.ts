import { type AxisWalk, rearrangeView, walkAxes } from './rearrange.ts';
import type { TensorView } from './tensor.ts';

/** The slices of size 1 along an axis. */
export function splitAlong(x: TensorView, axis: number): TensorView[] {
  return Array.from({ length: x.shape[axis]! }, (_, start) => {
    const walks: AxisWalk[] = x.shape.map((size) => ({ size, start: 0, step: 1 }));
    walks[axis] = { size: 1, start, step: 1 };
    return rearrangeView(x, walkAxes(x.shape, walks));
  });
}
