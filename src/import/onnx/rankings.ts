import { firstLargest } from '../first-largest.ts';
import { concatViews, reshapeView } from '../rearrange.ts';
import { splitAlong } from '../split-along.ts';
import { idRange, sizeOf, type TensorView } from '../tensor.ts';
import { INT64 } from './data-types.ts';
import { negative } from './extremes.ts';
import type { Operator, OperatorContext } from './operator.ts';

/** More passes over the values than this cost too much for what they say. */
const MOST_RANKS = 8;

/** 1 for the first of the largest values along an axis, 0 for the others. */
export const hardmax: Operator = (context) => {
  const { builder, node, opset, attributes } = context;
  const given = context.view(0);
  const axis = context.axis(attributes.int('axis', opset < 13 ? 1 : -1), given.shape.length);
  // Before operator set 13, the axes from this one on are one.
  const flat = [sizeOf(given.shape.slice(0, axis)), sizeOf(given.shape.slice(axis))];
  const x = opset < 13 ? reshapeView(given, flat) : given;
  const along = opset < 13 ? 1 : axis;
  return context.viewOf({ shape: given.shape, ids: firstLargest(builder, node, x, along).ids });
};

/** The k largest values along an axis, in order, and their places: the first of equal ones comes first. */
export const topK: Operator = (context) => {
  const { builder, node, attributes, opset, outputCount } = context;
  const x = context.view(0);
  const axis = context.axis(attributes.int('axis', -1), x.shape.length);
  const k = opset < 10 ? attributes.int('k', 0) : (context.integers(1, 'number of values')[0] ?? 0);
  const isLargest = opset < 11 || attributes.int('largest', 1) !== 0;
  attributes.ignore('sorted');
  const size = x.shape[axis]!;
  if (!(k >= 1 && k <= size)) throw context.error('QP2110', `the ${k} largest of ${size} values`);
  if (k > MOST_RANKS) throw context.unsupported(`of more than ${MOST_RANKS} values`);
  const views = splitAlong(isLargest ? x : negative(builder, node, x), axis);
  const places = views.map(({ shape, ids }, place) =>
    builder.constant(node, { shape, data: new Float64Array(ids.length).fill(place) }),
  );
  bubble(context, views, outputCount > 1 ? places : undefined, k);
  const values = concatViews(views.slice(0, k), axis);
  const best = context.viewOf(isLargest ? values : negative(builder, node, values));
  const view = concatViews(places.slice(0, k), axis);
  return { kind: 'outputs', values: [best, { kind: 'view', view, dataType: INT64 }] };
};

/** Brings the k largest to the front, by exchanges of neighbours from the back. */
function bubble(
  { builder, node }: OperatorContext,
  views: TensorView[],
  places: TensorView[] | undefined,
  k: number,
): void {
  for (const rank of idRange(0, k)) {
    for (let at = views.length - 1; at > rank; at -= 1) {
      const isOrdered = builder.binary(node, 'compare', views[at - 1]!, views[at]!);
      for (const list of places === undefined ? [views] : [views, places]) {
        const [a, b] = [list[at - 1]!, list[at]!];
        list[at - 1] = builder.select(node, isOrdered, a, b);
        list[at] = builder.select(node, isOrdered, b, a);
      }
    }
  }
}
