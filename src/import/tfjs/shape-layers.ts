import { permuteView, pickAxes, rearrangeView, reshapeView, walkAxes } from '../rearrange.ts';
import { interpolate } from '../resample.ts';
import { shapeText, sizeOf } from '../tensor.ts';
import { isSize, isSizes } from './json-value.ts';
import type { LayerContext, LayerImporter, LayerResult } from './layer.ts';

/** Flattens in channels-last order, whatever the layer's layout. */
export const flatten: LayerImporter = (layer) => {
  const result = layer.anyInput();
  const { view } = result;
  const moveChannels = layer.config.channelsFirst() && view.shape.length > 2;
  const channelsLast = moveChannels
    ? permuteView(view, [0, ...view.shape.map((_, axis) => axis).slice(2), 1])
    : view;
  const [rows = 1] = view.shape;
  return { ...result, view: reshapeView(channelsLast, [rows, view.ids.length / rows]) };
};

/** At most one dimension of the target is inferred; TensorFlow.js saves it as −1 or null. */
export const reshape: LayerImporter = (layer) => {
  const result = layer.anyInput();
  const given = layer.config.any('target_shape');
  const target = (Array.isArray(given) ? given : []).map((dim: unknown) => dim ?? -1) as number[];
  const known = sizeOf(target.filter((dim) => dim !== -1));
  const [rows = 1] = result.view.shape;
  const size = result.view.ids.length / rows;
  const shape = target.map((dim) => (dim === -1 ? size / known : dim));
  const isFree =
    target.filter((dim) => dim === -1).length <= 1 && shape.every((dim) => isSize(dim) && dim > 0);
  if (!isFree || sizeOf(shape) !== size) {
    const what = `${shapeText(result.view.shape.slice(1))} cannot be reshaped to (${target.join(', ')})`;
    throw layer.error('QP2110', what);
  }
  return { ...result, view: reshapeView(result.view, [rows, ...shape]) };
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
  const { rows, columns } = pairsOf(layer, 'padding', 1);
  return walkPlane(layer, rows, columns);
};

/** Padding by a negative amount. */
export const cropping2D: LayerImporter = (layer) => {
  const { rows, columns } = pairsOf(layer, 'cropping', 0);
  const inverse = ([before, after]: Pair): Pair => [-before, -after];
  return walkPlane(layer, inverse(rows), inverse(columns));
};

/** Repeats a vector: [batch, features] → [batch, n, features]. */
export const repeatVector: LayerImporter = (layer) => {
  const view = layer.input(2);
  const n = layer.config.size('n');
  const [rows, features] = view.shape as [number, number];
  layer.builder.checkSize(layer.node, n * view.ids.length);
  const places = (size: number) => Array.from({ length: size }, (_, i) => i);
  const picks = [places(rows), new Array<number>(n).fill(0), places(features)];
  return { view: rearrangeView(view, pickAxes([rows, 1, features], picks)) };
};

/** Repeats rows and columns, or interpolates between them, at the points of TensorFlow.js, which are not those of Keras. */
export const upSampling2D: LayerImporter = (layer) => {
  const view = layer.input(4);
  const [rows, columns] = layer.config.sizes('size', 2, [2, 2]) as [number, number];
  const interpolation = layer.config.string('interpolation', 'nearest');
  const factors = layer.config.channelsFirst() ? [1, 1, rows, columns] : [1, rows, columns, 1];
  layer.builder.checkSize(layer.node, view.ids.length * rows * columns);
  if (interpolation === 'bilinear') {
    const sizes = view.shape.map((size, axis) => size * factors[axis]!);
    return { view: interpolate(layer.builder, layer.node, view, sizes, 'asymmetric') };
  }
  if (interpolation !== 'nearest') throw layer.unsupported(`with interpolation = ${interpolation}`);
  const picks = view.shape.map((size, axis) =>
    Array.from({ length: size * factors[axis]! }, (_, i) => Math.floor(i / factors[axis]!)),
  );
  return { view: rearrangeView(view, pickAxes(view.shape, picks)) };
};

type Pair = readonly [before: number, after: number];

/** Pads the spatial axes with zeros, or crops them where the amounts are negative. */
function walkPlane(layer: LayerContext, rows: Pair, columns: Pair): LayerResult {
  const view = layer.input(4);
  const [none, first] = [[0, 0] as const, layer.config.channelsFirst()];
  const pads = first ? [none, none, rows, columns] : [none, rows, columns, none];
  const walks = view.shape.map((size, axis) => {
    const [before, after] = pads[axis]!;
    return { size: size + before + after, start: -before, step: 1 };
  });
  const sizes = walks.map(({ size }) => size);
  if (sizes.some((size) => size < 1)) {
    throw layer.error('QP2110', `${layer.node.op} leaves nothing of ${shapeText(view.shape.slice(1))}`);
  }
  layer.builder.checkSize(layer.node, sizeOf(sizes));
  return { view: rearrangeView(view, walkAxes(view.shape, walks)) };
}

/** One number, one per axis, or [before, after] per axis. */
function pairsOf(layer: LayerContext, key: string, otherwise: number): { rows: Pair; columns: Pair } {
  const given = layer.config.any(key) ?? otherwise;
  const perAxis: unknown = isSize(given) ? [given, given] : given;
  const pairs = Array.isArray(perAxis) ? perAxis.map((pad: unknown) => (isSize(pad) ? [pad, pad] : pad)) : [];
  if (pairs.length === 2 && pairs.every((pair) => isSizes(pair) && pair.length === 2)) {
    const [rows, columns] = pairs as [Pair, Pair];
    return { rows, columns };
  }
  throw layer.error('QP2111', `${key} of ${layer.node.op} is ${JSON.stringify(given)?.slice(0, 40)}`);
}
