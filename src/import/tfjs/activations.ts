import type { ActivationKind } from '../../graph/activations.ts';
import type { ActivationFunction } from '../../graph/float-graph.ts';
import type { GraphBuilder, NodeInfo } from '../graph-builder.ts';
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
  if (name === 'linear') return { view };
  if (name === 'sigmoid') return { view, head: { kind: 'sigmoid', node } };
  if (name === 'softmax') return finalSoftmax(layer, view, node);
  const named = NAMED_ACTIVATIONS.get(name);
  if (named !== undefined) return { view: named(layer.builder, node, view) };
  const fix = 'Train with relu, relu6, LeakyReLU or ReLU instead';
  throw layer.builder.error('QP2203', node, `the activation ${name} cannot be proved`, fix);
}

/** max(0, min(1, 0.2 x + 0.5)), as Keras 2 and TensorFlow.js define it. */
const hardSigmoid: NamedActivation = (builder, node, view) => {
  const scale = { shape: [], data: Float64Array.of(0.2) };
  const shift = { shape: [], data: Float64Array.of(0.5) };
  return builder.activation(node, builder.affine(node, view, scale, shift), UNIT);
};

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
const relu: LayerImporter = (layer) => {
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
const leakyRelu: LayerImporter = (layer) => {
  const alpha = layer.config.number('alpha', 0.3);
  if (alpha < 0 || alpha > 1)
    throw layer.unsupported(`with a slope of ${alpha}`, 'Slopes from 0 to 1 can be proved');
  return { view: layer.builder.activation(layer.node, layer.input(), { kind: 'leaky-relu', alpha }) };
};

/** What a layer's `activation` means by a name. */
type NamedActivation = (builder: GraphBuilder, node: NodeInfo, view: TensorView) => TensorView;

const plain =
  (fn: ActivationFunction): NamedActivation =>
  (builder, node, view) =>
    builder.activation(node, view, fn);

interface Spellings {
  /** Layers, by Keras' class name. */
  readonly layers: Readonly<Record<string, LayerImporter>>;
  /** Values of `activation`. */
  readonly names: Readonly<Record<string, NamedActivation>>;
}

/** How Keras writes each activation: empty entries where it has no name for it. */
const SPELLINGS: { readonly [K in ActivationKind]: Spellings } = {
  relu: { layers: { ReLU: relu }, names: { relu: plain(RELU) } },
  'leaky-relu': { layers: { LeakyReLU: leakyRelu }, names: {} },
  clip: { layers: {}, names: { relu6: plain(RELU6), hard_sigmoid: hardSigmoid } },
};

export const ACTIVATION_LAYERS: Readonly<Record<string, LayerImporter>> = Object.assign(
  {},
  ...Object.values(SPELLINGS).map(({ layers }) => layers),
);

const NAMED_ACTIVATIONS: ReadonlyMap<string, NamedActivation> = new Map(
  Object.values(SPELLINGS).flatMap(({ names }) => Object.entries(names)),
);
