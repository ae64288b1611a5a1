import type { ActivationFunction } from '../../graph/float-graph.ts';
import type { NodeInfo } from '../graph-builder.ts';
import type { TensorView } from '../tensor.ts';
import type { LayerContext, LayerImporter, LayerResult } from './layer.ts';

const RELU: ActivationFunction = { kind: 'relu' };
const RELU6: ActivationFunction = { kind: 'clip', min: 0, max: 6 };
const UNIT: ActivationFunction = { kind: 'clip', min: 0, max: 1 };

/** Applies the `activation` that many layers carry, as a node of its own. */
export function activate(layer: LayerContext, view: TensorView): LayerResult {
  const name = layer.config.string('activation', 'linear');
  const node = { name: `${layer.node.name}/${name}`, op: name };
  return applyNamed(layer, view, name, node);
}

export const activation: LayerImporter = (layer) => {
  const name = layer.config.string('activation', 'linear');
  if (name === 'linear') return layer.anyInput();
  return applyNamed(layer, layer.input(), name, layer.node);
};

function applyNamed(layer: LayerContext, view: TensorView, name: string, node: NodeInfo): LayerResult {
  const { builder } = layer;
  switch (name) {
    case 'linear':
      return { view };
    case 'relu':
      return { view: builder.activation(node, view, RELU) };
    case 'relu6':
      return { view: builder.activation(node, view, RELU6) };
    case 'hard_sigmoid':
      return { view: hardSigmoid(layer, view, node) };
    case 'sigmoid':
      return { view, head: { kind: 'sigmoid', node } };
    case 'softmax':
      return finalSoftmax(layer, view, node);
    default: {
      const fix = 'Train with relu, relu6, LeakyReLU or ReLU instead';
      throw builder.error('QP2203', node, `the activation ${name} cannot be proved`, fix);
    }
  }
}

/** max(0, min(1, 0.2 x + 0.5)), as Keras 2 and TensorFlow.js define it. */
function hardSigmoid({ builder }: LayerContext, view: TensorView, node: NodeInfo): TensorView {
  const scale = { shape: [], data: Float64Array.of(0.2) };
  const shift = { shape: [], data: Float64Array.of(0.5) };
  return builder.activation(node, builder.affine(node, view, scale, shift), UNIT);
}

/** A softmax over all outputs; over some of them, labels would have no meaning. */
function finalSoftmax(layer: LayerContext, view: TensorView, node: NodeInfo): LayerResult {
  if (view.shape.at(-1) !== view.ids.length)
    throw layer.unsupported('with a softmax over a part of the outputs');
  return { view, head: { kind: 'softmax', node } };
}

export const softmax: LayerImporter = (layer) => {
  const view = layer.input();
  const axis = layer.config.number('axis', -1);
  if (axis !== -1 && axis !== view.shape.length - 1) throw layer.unsupported('over an axis before the last');
  return finalSoftmax(layer, view, layer.node);
};

/** Keras: max_value, a slope below 0, a threshold. */
export const relu: LayerImporter = (layer) => {
  const max = layer.config.optionalNumber('max_value');
  // TensorFlow.js reads max_value alone and would compute another function without a word.
  for (const key of ['negative_slope', 'threshold']) {
    const value = layer.config.number(key, 0);
    if (value === 0) continue;
    const fix = 'Use LeakyReLU for a slope; TensorFlow.js ignores this setting of ReLU';
    throw layer.unsupported(`with ${key} = ${value}`, fix);
  }
  if (max !== undefined && max <= 0) throw layer.unsupported(`with max_value = ${max}`);
  const fn: ActivationFunction = max === undefined ? RELU : { kind: 'clip', min: 0, max };
  return { view: layer.builder.activation(layer.node, layer.input(), fn) };
};

/** Keras' default slope is 0.3. */
export const leakyRelu: LayerImporter = (layer) => {
  const alpha = layer.config.number('alpha', 0.3);
  if (alpha < 0 || alpha > 1)
    throw layer.unsupported(`with a slope of ${alpha}`, 'Slopes from 0 to 1 can be proved');
  return { view: layer.builder.activation(layer.node, layer.input(), { kind: 'leaky-relu', alpha }) };
};
