import type { ActivationKind } from '../../graph/activations.ts';
import type { ActivationFunction } from '../../graph/float-graph.ts';
import type { Tabulated } from '../../graph/functions/tabulated.ts';
import type { GraphBuilder, NodeInfo } from '../graph-builder.ts';
import { softmaxOver } from '../softmax.ts';
import type { TensorView } from '../tensor.ts';
import type { LayerContext, LayerImporter, LayerResult } from './layer.ts';

const RELU: ActivationFunction = { kind: 'relu' };
const RELU6: ActivationFunction = { kind: 'clip', min: 0, max: 6 };
const CLIP_0_1: ActivationFunction = { kind: 'clip', min: 0, max: 1 };

/** Applies the `activation` setting of a layer, as a separate node. */
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
  if (name === 'linear') return { view };
  if (name === 'sigmoid') return { view, head: { kind: 'sigmoid', node } };
  if (name === 'softmax') return finalSoftmax(layer, view, node);
  const named = NAMED_ACTIVATIONS.get(name);
  if (named !== undefined) return { view: named(layer.builder, node, view) };
  const fix = 'Train with relu, relu6, LeakyReLU or ReLU instead';
  throw layer.builder.error('QP2203', node, `the activation ${name} cannot be proved`, fix);
}

/** max(0, min(1, 0.2 x + 0.5)), the definition of Keras 2 and TensorFlow.js. */
const hardSigmoid: NamedActivation = (builder, node, view) => {
  const scale = { shape: [], data: Float64Array.of(0.2) };
  const shift = { shape: [], data: Float64Array.of(0.5) };
  return builder.activation(node, builder.affine(node, view, scale, shift), CLIP_0_1);
};

/** A softmax over all scores of a row gives one label, and may be left out at the end. Softmaxes over parts are computed. */
function finalSoftmax(layer: LayerContext, view: TensorView, node: NodeInfo): LayerResult {
  const isWhole = view.shape.at(-1)! * layer.builder.batch === view.ids.length && view.shape.length > 1;
  if (isWhole) return { view, head: { kind: 'softmax', node } };
  return { view: softmaxOver(layer.builder, node, view, [view.shape.length - 1]) };
}

export const softmax: LayerImporter = (layer) => {
  const view = layer.input();
  const axis = layer.config.number('axis', -1);
  if (axis !== -1 && axis !== view.shape.length - 1) {
    return { view: softmaxOver(layer.builder, layer.node, view, [axis]) };
  }
  return finalSoftmax(layer, view, layer.node);
};

/** ReLU with Keras' max_value; its negative_slope and threshold are refused. */
const relu: LayerImporter = (layer) => {
  const max = layer.config.optionalNumber('max_value');
  // TensorFlow.js reads only max_value and silently ignores these two, so it computes another function than Keras.
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

/** Keras' default for alpha is 0.3. */
const leakyRelu: LayerImporter = (layer) => {
  const alpha = layer.config.number('alpha', 0.3);
  if (alpha < 0 || alpha > 1)
    throw layer.unsupported(`with a slope of ${alpha}`, 'Slopes from 0 to 1 can be proved');
  return { view: layer.builder.activation(layer.node, layer.input(), { kind: 'leaky-relu', alpha }) };
};

/** Applies the activation that a name stands for. */
type NamedActivation = (builder: GraphBuilder, node: NodeInfo, view: TensorView) => TensorView;

const plain =
  (fn: ActivationFunction): NamedActivation =>
  (builder, node, view) =>
    builder.activation(node, view, fn);

interface KerasNames {
  /** Layers by class name. */
  readonly layers: Readonly<Record<string, LayerImporter>>;
  /** Functions by value of the `activation` setting. */
  readonly names: Readonly<Record<string, NamedActivation>>;
}

const looksUp = (of: Tabulated): NamedActivation => plain({ kind: 'tabulated', of });

/** Keras' default for alpha is 1. */
const elu: LayerImporter = (layer) => {
  const alpha = layer.config.number('alpha', 1);
  if (alpha < 0) throw layer.unsupported(`with alpha = ${alpha}`);
  const fn: ActivationFunction = { kind: 'tabulated', of: { name: 'elu', alpha } };
  return { view: layer.builder.activation(layer.node, layer.input(), fn) };
};

/** Keras' default for theta is 1. */
const thresholdedRelu: LayerImporter = (layer) => {
  const alpha = layer.config.number('theta', 1);
  const fn: ActivationFunction = { kind: 'tabulated', of: { name: 'thresholded-relu', alpha } };
  return { view: layer.builder.activation(layer.node, layer.input(), fn) };
};

const SILU: Tabulated = { name: 'swish', alpha: 1 };

/** The constants of Klambauer et al., "Self-Normalizing Neural Networks" (2017), as TensorFlow.js has them. */
export const SELU: Tabulated = {
  name: 'selu',
  alpha: 1.6732632423543772,
  gamma: 1.0507009873554805,
};

const TABULATED_NAMES: KerasNames = {
  layers: { ELU: elu, ThresholdedReLU: thresholdedRelu },
  names: {
    tanh: looksUp({ name: 'tanh' }),
    softplus: looksUp({ name: 'softplus' }),
    softsign: looksUp({ name: 'softsign' }),
    elu: looksUp({ name: 'elu', alpha: 1 }),
    selu: looksUp(SELU),
    swish: looksUp(SILU),
    silu: looksUp(SILU),
    gelu: looksUp({ name: 'gelu' }),
    gelu_new: looksUp({ name: 'gelu-tanh' }),
    mish: looksUp({ name: 'mish' }),
    exponential: looksUp({ name: 'exp' }),
  },
};

/** Keras' names for each activation; empty if it has none. */
const KERAS_NAMES: { readonly [K in ActivationKind]: KerasNames } = {
  relu: { layers: { ReLU: relu }, names: { relu: plain(RELU) } },
  'leaky-relu': { layers: { LeakyReLU: leakyRelu }, names: {} },
  clip: { layers: {}, names: { relu6: plain(RELU6), hard_sigmoid: hardSigmoid } },
  tabulated: TABULATED_NAMES,
};

export const ACTIVATION_LAYERS: Readonly<Record<string, LayerImporter>> = Object.assign(
  {},
  ...Object.values(KERAS_NAMES).map(({ layers }) => layers),
);

const NAMED_ACTIVATIONS: ReadonlyMap<string, NamedActivation> = new Map(
  Object.values(KERAS_NAMES).flatMap(({ names }) => Object.entries(names)),
);
