import { permuteView, rearrangeView, reshapeView, walkAxes } from '../rearrange.ts';
import { shapeText, sizeOf } from '../tensor.ts';
import { isSize, isSizes } from './json-value.ts';
import type { LayerContext, LayerImporter } from './layer.ts';

/** Flattens in channels-last order, whatever the layer's layout. */
export const flatten: LayerImporter = (layer) => {
  const result = layer.anyInput();
  const { view } = result;
  const moveChannels = layer.config.channelsFirst() && view.shape.length > 2;
  const channelsLast = moveChannels
    ? permuteView(view, [0, ...view.shape.map((_, axis) => axis).slice(2), 1])
    : view;
  return { ...result, view: reshapeView(channelsLast, [1, view.ids.length]) };
};

/** At most one dimension of the target is inferred; TensorFlow.js saves it as −1 or null. */
export const reshape: LayerImporter = (layer) => {
  const result = layer.anyInput();
  const given = layer.config.any('target_shape');
  const target = (Array.isArray(given) ? given : []).map((dim: unknown) => dim ?? -1) as number[];
  const known = sizeOf(target.filter((dim) => dim !== -1));
  const shape = target.map((dim) => (dim === -1 ? result.view.ids.length / known : dim));
  const isFree =
    target.filter((dim) => dim === -1).length <= 1 && shape.every((dim) => isSize(dim) && dim > 0);
  if (!isFree || sizeOf(shape) !== result.view.ids.length) {
    const what = `${shapeText(result.view.shape.slice(1))} cannot be reshaped to (${target.join(', ')})`;
    throw layer.error('QP2110', what);
  }
  return { ...result, view: reshapeView(result.view, [1, ...shape]) };
};

/** `dims` counts from 1: the batch axis does not move. */
export const permute: LayerImporter = (layer) => {
  const view = layer.input();
  const dims = layer.config.integers('dims');
  const wanted = view.shape.map((_, axis) => axis).slice(1);
  if (dims.length !== wanted.length || !wanted.every((axis) => dims.includes(axis))) {
    throw layer.error('QP2110', `(${dims.join(', ')}) is not a permutation of ${wanted.length} dimensions`);
  }
  return { view: permuteView(view, [0, ...dims]) };
};

export const zeroPadding2D: LayerImporter = (layer) => {
  const view = layer.input(4);
  const [rows, columns] = paddingOf(layer);
  const [none, first] = [[0, 0] as const, layer.config.channelsFirst()];
  const pads = first ? [none, none, rows, columns] : [none, rows, columns, none];
  const walks = view.shape.map((size, axis) => {
    const [before, after] = pads[axis]!;
    return { size: size + before + after, start: -before, step: 1 };
  });
  layer.builder.checkSize(layer.node, sizeOf(walks.map(({ size }) => size)));
  return { view: rearrangeView(view, walkAxes(view.shape, walks)) };
};

type Pair = readonly [number, number];

/** One number, one per axis, or [before, after] per axis. */
function paddingOf(layer: LayerContext): [Pair, Pair] {
  const given = layer.config.any('padding') ?? 1;
  const perAxis: unknown = isSize(given) ? [given, given] : given;
  const pairs = Array.isArray(perAxis) ? perAxis.map((pad: unknown) => (isSize(pad) ? [pad, pad] : pad)) : [];
  if (pairs.length === 2 && pairs.every((pair) => isSizes(pair) && pair.length === 2))
    return pairs as [Pair, Pair];
  throw layer.error('QP2111', `padding of ${layer.node.op} is ${JSON.stringify(given)?.slice(0, 40)}`);
}
