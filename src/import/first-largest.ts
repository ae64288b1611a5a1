import type { GraphBuilder, NodeInfo } from './graph-builder.ts';
import { Logic } from './logic.ts';
import { reduceAxes } from './pooling.ts';
import { concatViews } from './rearrange.ts';
import { splitAlong } from './split-along.ts';
import type { TensorView } from './tensor.ts';

/** 1 for the first of the largest values along an axis, 0 for the others. */
export function firstLargest(builder: GraphBuilder, node: NodeInfo, x: TensorView, axis: number): TensorView {
  const logic = new Logic(builder, node);
  const isLargest = logic.atLeast(x, reduceAxes(builder, node, x, [axis], 'max'));
  const [first, ...others] = splitAlong(isLargest, axis);
  const chosen = [first!];
  let none = logic.not(first!);
  for (const [k, candidate] of others.entries()) {
    chosen.push(logic.and(none, candidate));
    if (k < others.length - 1) none = logic.and(none, logic.not(candidate));
  }
  return { shape: x.shape, ids: concatViews(chosen, axis).ids };
}
