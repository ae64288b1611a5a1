import { concatViews, pickAxes, rearrangeView, reshapeView } from '../rearrange.ts';
import { shapeText, type TensorView } from '../tensor.ts';
import type { LayerImporter } from './layer.ts';

/** Applies a layer, or a model, to each step of the first axis of a row. */
export const timeDistributed: LayerImporter = (layer) => {
  layer.config.ignore('layer');
  const { inner, builder, node } = layer;
  const x = layer.input();
  const [rows, steps, ...step] = x.shape as [number, number, ...number[]];
  if (inner === undefined || step.length === 0) {
    throw layer.error(
      'QP2110',
      `${node.op} takes at least 2 dimensions, but its operand is ${shapeText(x.shape.slice(1))}`,
    );
  }
  // A Dense layer multiplies the last dimension anyway, in one node.
  if (inner.className === 'Dense') return inner.apply({ view: x });
  builder.checkSize(node, steps);
  const results = Array.from({ length: steps }, (_, k) => {
    const whole = x.shape.map((size, axis) => (axis === 1 ? [k] : Array.from({ length: size }, (_, i) => i)));
    const view = reshapeView(rearrangeView(x, pickAxes(x.shape, whole)), [rows, ...step]);
    return asStep(layer.computed(inner.apply({ view })));
  });
  return { view: concatViews(results, 1) };
};

const asStep = (view: TensorView): TensorView => reshapeView(view, view.shape.toSpliced(1, 0, 1));
