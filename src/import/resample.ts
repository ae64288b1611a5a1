import type { Diagonal } from '../graph/float-graph.ts';
import type { GraphBuilder, NodeInfo } from './graph-builder.ts';
import { pickAxes, rearrangeView } from './rearrange.ts';
import { type AxisTap, axisTaps } from './resize-axis.ts';
import { sizeOf, stridesOf, type TensorView } from './tensor.ts';

/**
 * Each value of the result is a sum of values of the operand, with constant weights: one diagonal for each choice of a place
 * along every axis. Places of weight 0 are not read.
 *
 * @param taps by axis: what each of its positions reads
 * @param fill the value of positions outside the operand
 */
export function resample(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  taps: readonly (readonly AxisTap[])[],
  fill = 0,
): TensorView {
  const shape = taps.map(({ length }) => length);
  const counts = taps.map((axis) => Math.max(...axis.map(({ places }) => places.length)));
  builder.checkSize(node, sizeOf(shape) * sizeOf(counts));
  const diagonals: Diagonal[] = [];
  for (let choice = 0; choice < sizeOf(counts); choice += 1) {
    const strides = stridesOf(counts);
    const chosen = counts.map((count, axis) => Math.floor(choice / strides[axis]!) % count);
    const isRead = ({ weights, outside }: AxisTap, axis: number) =>
      !outside && (weights[chosen[axis]!] ?? 0) !== 0;
    const picks = taps.map((axis, a) => axis.map((tap) => (isRead(tap, a) ? tap.places[chosen[a]!]! : -1)));
    const { ids: source } = rearrangeView(x, pickAxes(x.shape, picks));
    diagonals.push({
      source,
      weights: products(taps.map((axis, a) => axis.map(({ weights }) => weights[chosen[a]!] ?? 0))),
    });
  }
  const inside = products(taps.map((axis) => axis.map(({ outside }) => Number(!outside))));
  const bias = inside.map((isInside) => (isInside === 0 ? fill : 0));
  return { shape, ids: builder.linear(node, { diagonals, bias }) };
}

/** Values on lines between the nearest ones of each axis. @param coordinate where they are: a mode of `COORDINATES` */
export function interpolate(
  builder: GraphBuilder,
  node: NodeInfo,
  x: TensorView,
  sizes: readonly number[],
  coordinate: string,
): TensorView {
  const taps = x.shape.map((size, axis) => {
    const out = sizes[axis]!;
    const spec = { size, out, scale: Math.fround(out / size), region: [0, 1] } as const;
    return axisTaps(spec, coordinate, { kind: 'linear' });
  });
  return resample(builder, node, x, taps);
}

/** The product of one number per axis, for every position of the result. */
function products(axes: readonly (readonly number[])[]): Float64Array {
  let all = Float64Array.of(1);
  for (const own of axes) {
    const next = new Float64Array(all.length * own.length);
    for (const [i, factor] of all.entries())
      next.set(
        own.map((number) => factor * number),
        i * own.length,
      );
    all = next;
  }
  return all;
}
