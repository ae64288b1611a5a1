import { QuietproofError } from '../../errors/quietproof-error.ts';
import { refuseUnprintable } from '../printable-names.ts';
import { isObject, isSize, type JsonObject } from './json-value.ts';

/** A tensor: what one call of a layer gives. A shared layer is called several times. */
export interface Call {
  readonly layer: string;
  readonly call: number;
  /** Which output of the layer; only models have several. */
  readonly tensor: number;
}

export interface LayerSpec {
  readonly name: string;
  /** Keras' class name, e.g. `Conv2D`. */
  readonly className: string;
  readonly config: JsonObject;
  /** The inputs of each call of the layer, by its number in the file. */
  readonly calls: readonly (readonly Call[] | undefined)[];
  /** The layers of a model that is used as a layer. */
  readonly model?: Topology;
  /** The layer that a TimeDistributed applies. */
  readonly wrapped?: LayerSpec;
}

/** The layers of a model and their connections, for Sequential and functional models alike. */
export interface Topology {
  readonly layers: ReadonlyMap<string, LayerSpec>;
  /** In the order of the model, whatever the order of its layers. */
  readonly inputs: readonly string[];
  readonly outputs: readonly NamedCall[];
}

/** An output of the model, by the name of its layer. */
export interface NamedCall extends Call {
  readonly name: string;
}

/** Models in models in models …: deeper than any that people make, and shallow enough to walk by recursion. */
const DEEPEST = 32;

/** @returns whether a layer of this class is a model */
export const isModelClass = (className: string): boolean => MODEL_CLASSES.has(className);

const MODEL_CLASSES = new Set(['Sequential', 'Functional', 'Model']);

/**
 * Reads a Sequential or functional model's `{ class_name, config }`.
 *
 * @param depth of a model in models
 * @throws QuietproofError QP2111 if it is broken, QP2112 if it is too deep, QP2205 for Keras 3
 */
export function readTopology(model: JsonObject, file: string, depth = 0): Topology {
  const className = String(model.class_name);
  if (className === 'Sequential') return sequential(model.config, file, depth);
  if (isModelClass(className)) return functional(model.config, file, depth);
  throw broken(`a model of class ${className} is neither Sequential nor functional`, file);
}

/** A chain of layers. Without an InputLayer, the first layer declares the input's shape. */
function sequential(config: unknown, file: string, depth: number): Topology {
  const entries = Array.isArray(config) ? config : isObject(config) ? config.layers : undefined;
  const layers = readLayers(entries, file, depth);
  const first = layers[0]!;
  if (first.className !== 'InputLayer') {
    const input = { ...inputConfig(first, file, depth), name: `${first.name}_input` };
    layers.unshift({ name: input.name, className: 'InputLayer', config: input, calls: [] });
  }
  const chained = layers.map((layer, k): LayerSpec => {
    if (k === 0) return { ...layer, calls: [[]] };
    return { ...layer, calls: callsOf(layer, [[onlyCallOf(layers[k - 1]!)]]) };
  });
  const last = layers.at(-1)!;
  return {
    layers: byName(chained, file),
    inputs: [layers[0]!.name],
    outputs: [{ ...onlyCallOf(last), name: last.name }],
  };
}

/** What declares the input of a Sequential model: its first layer, or the input of a model that is its first layer. */
function inputConfig(first: LayerSpec, file: string, depth: number): JsonObject {
  if (first.config.batch_shape !== undefined) throw kerasThree(file);
  if (first.config.batch_input_shape !== undefined) return first.config;
  const [name] = first.model?.inputs ?? [];
  const inner = name === undefined ? undefined : first.model?.layers.get(name);
  if (inner !== undefined) return inner.config;
  // The model around it gives a value to the input of an inner model, whatever it declares.
  if (depth > 0) return {};
  throw broken('the first layer does not declare the shape of the input', file);
}

/** The first call of a model is the one on its own inputs, which is not in the file: the others count from 1. */
function callsOf({ model }: LayerSpec, calls: LayerSpec['calls']): LayerSpec['calls'] {
  return model === undefined ? calls : [undefined, ...calls];
}

const onlyCallOf = ({ name, model }: LayerSpec): Call => ({
  layer: name,
  call: model === undefined ? 0 : 1,
  tensor: 0,
});

function functional(config: unknown, file: string, depth: number): Topology {
  if (!isObject(config)) throw broken('the model has no config', file);
  const layers = byName(readLayers(config.layers, file, depth), file);
  const inputs = readEnds(config.input_layers, 'inputs', file).map(({ layer }) => layer);
  const outputs = readEnds(config.output_layers, 'outputs', file);
  const isCalledOnce = ({ layer }: Call) => outputs.filter((own) => own.layer === layer).length === 1;
  const placeOf = ({ call, tensor }: Call) => (tensor === 0 ? `${call}` : `${call}:${tensor}`);
  return {
    layers,
    inputs,
    outputs: outputs.map((own) => ({
      ...own,
      name: isCalledOnce(own) ? own.layer : `${own.layer}#${placeOf(own)}`,
    })),
  };
}

function readEnds(ends: unknown, word: string, file: string): Call[] {
  if (!Array.isArray(ends) || ends.length === 0) throw broken(`the model has no ${word}`, file);
  // Keras 3 writes the one end itself where there is one.
  if (!Array.isArray(ends[0])) throw kerasThree(file);
  return ends.map((end: unknown) => readCall(end, file));
}

function readLayers(entries: unknown, file: string, depth: number): LayerSpec[] {
  if (!Array.isArray(entries) || entries.length === 0) throw broken('the model has no layers', file);
  if (depth > DEEPEST) {
    const what = `layers are nested more than ${DEEPEST} deep`;
    throw new QuietproofError('QP2112', { what, where: file });
  }
  return entries.map((entry: unknown) => {
    if (!isObject(entry) || typeof entry.class_name !== 'string' || !isObject(entry.config)) {
      throw broken('a layer has no class or no config', file);
    }
    const name = entry.config.name ?? entry.name;
    if (typeof name !== 'string') throw broken(`a layer of class ${entry.class_name} has no name`, file);
    refuseUnprintable('layer', [name], file);
    const calls = readCalls(entry.inbound_nodes ?? [], file);
    const isInput = entry.class_name === 'InputLayer';
    const layer = { name, className: entry.class_name, config: entry.config, calls };
    if (isInput && calls.length === 0) return { ...layer, calls: [[]] };
    if (layer.className === 'TimeDistributed') {
      return { ...layer, wrapped: readLayers([entry.config.layer], file, depth + 1)[0]! };
    }
    if (!isModelClass(layer.className)) return layer;
    const own = { ...layer, model: readTopology(entry, file, depth + 1) };
    return { ...own, calls: callsOf(own, calls) };
  });
}

/** `inbound_nodes` has a list of [layer, call, tensor, arguments] per call. */
function readCalls(nodes: unknown, file: string): Call[][] {
  if (!Array.isArray(nodes)) throw broken('inbound_nodes is not a list', file);
  return nodes.map((node: unknown) => {
    // Keras 3 writes { args, kwargs } here.
    if (isObject(node)) throw kerasThree(file);
    if (!Array.isArray(node)) throw broken('a layer call is not a list', file);
    return node.map((entry: unknown) => readCall(entry, file));
  });
}

function readCall(entry: unknown, file: string): Call {
  const [layer, call, tensor, args] = Array.isArray(entry) ? (entry as unknown[]) : [];
  if (typeof layer !== 'string' || !isSize(call) || !isSize(tensor))
    throw broken('a layer call is broken', file);
  const extra = Object.entries(isObject(args) ? args : {}).filter(
    ([, value]) => value !== null && value !== false,
  );
  if (extra.length === 0) return { layer, call, tensor };
  const what = `a layer after "${layer}" is called with ${extra.map(([key]) => key).join(', ')}`;
  throw new QuietproofError('QP2204', { what, where: file, fix: 'Save the model for inference' });
}

function byName(layers: readonly LayerSpec[], file: string): Map<string, LayerSpec> {
  const map = new Map(layers.map((layer) => [layer.name, layer]));
  if (map.size < layers.length) throw broken('two layers have the same name', file);
  return map;
}

function broken(what: string, where: string): QuietproofError {
  return new QuietproofError('QP2111', { what, where, fix: 'Save or convert the model again' });
}

/** Keras 3 uses a different format with the same file and key names. */
export function kerasThree(where: string): QuietproofError {
  const fix = 'Save it from Keras 2 (pip install tf_keras, TF_USE_LEGACY_KERAS=1) or export it to ONNX';
  const what = 'the model was saved by Keras 3, which TensorFlow.js itself cannot load';
  return new QuietproofError('QP2205', { what, where, fix });
}
