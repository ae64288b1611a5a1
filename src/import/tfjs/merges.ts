import { concatViews } from '../rearrange.ts';
import { shapeText, type TensorView } from '../tensor.ts';
import type { LayerContext, LayerImporter } from './layer.ts';

/** The sum of all inputs, times a factor that depends on their number. */
function sum(factor: (count: number) => number): LayerImporter {
  return (layer) => {
    const views = sameShape(layer);
    const count = views[0]!.ids.length;
    const diagonals = views.map(({ ids }) => ({
      weights: new Float64Array(count).fill(factor(views.length)),
      source: ids,
    }));
    const ids = layer.builder.linear(layer.node, { diagonals, bias: new Float64Array(count) });
    return { view: { shape: views[0]!.shape, ids } };
  };
}

export const add = sum(() => 1);
export const average = sum((count) => 1 / count);

export const maximum: LayerImporter = (layer) => ({ view: largest(layer, sameShape(layer)) });

/** −max(−a, −b, …) */
export const minimum: LayerImporter = (layer) => {
  const negative = (view: TensorView) =>
    layer.builder.affine(layer.node, view, { shape: [], data: Float64Array.of(-1) });
  return { view: negative(largest(layer, sameShape(layer).map(negative))) };
};

function largest(layer: LayerContext, views: readonly TensorView[]): TensorView {
  const [taps, count] = [views.length, views[0]!.ids.length];
  const gather = new Int32Array(count * taps);
  for (const [t, { ids }] of views.entries())
    for (let i = 0; i < count; i += 1) gather[i * taps + t] = ids[i]!;
  return { shape: views[0]!.shape, ids: layer.builder.max(layer.node, taps, gather) };
}

/** The product of all inputs, which are broadcast. */
export const multiply: LayerImporter = (layer) => {
  const [first, ...others] = atLeastTwo(layer);
  const view = others.reduce(
    (product, other) => layer.builder.binary(layer.node, 'product', product, other),
    first!,
  );
  return { view };
};

/** The first input less the second. */
export const subtract: LayerImporter = (layer) => {
  const [a, b, ...more] = sameShape(layer);
  if (more.length > 0) throw layer.error('QP2111', 'Subtract takes two inputs');
  return { view: layer.builder.add(layer.node, a!, b!, -1) };
};

export const concatenate: LayerImporter = (layer) => {
  const views = atLeastTwo(layer);
  const rank = views[0]!.shape.length;
  const given = layer.config.number('axis', -1);
  const axis = given < 0 ? given + rank : given;
  const rest = ({ shape }: TensorView) => shape.filter((_, k) => k !== axis).join();
  const fits = views.every((view) => view.shape.length === rank && rest(view) === rest(views[0]!));
  if (!Number.isInteger(axis) || axis < 1 || axis >= rank || !fits) throw misfit(layer, views);
  return { view: concatViews(views, axis) };
};

function sameShape(layer: LayerContext): TensorView[] {
  const views = atLeastTwo(layer);
  if (views.every(({ shape }) => shape.join() === views[0]!.shape.join())) return views;
  throw misfit(layer, views);
}

function atLeastTwo(layer: LayerContext): TensorView[] {
  const views = layer.views();
  if (views.length >= 2) return views;
  throw layer.error('QP2111', `${layer.node.op} takes several inputs, but has ${views.length}`);
}

function misfit(layer: LayerContext, views: readonly TensorView[]) {
  const shapes = views.map(({ shape }) => shapeText(shape.slice(1))).join(' and ');
  return layer.error('QP2110', `${layer.node.op} cannot join operands of ${shapes}`);
}
