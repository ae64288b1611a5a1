import { QuietproofError } from '../../errors/quietproof-error.ts';
import { refuseUnprintable } from '../printable-names.ts';
import { isObject, isSize, type JsonObject } from './json-value.ts';

/** One call of a layer. A shared layer is called several times. */
export interface Call {
  readonly layer: string;
  readonly call: number;
}

export interface LayerSpec {
  readonly name: string;
  /** Keras' class name, e.g. `Conv2D`. */
  readonly className: string;
  readonly config: JsonObject;
  /** The inputs of each call of the layer. */
  readonly calls: readonly (readonly Call[])[];
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

/**
 * Reads a Sequential or functional model's `{ class_name, config }`.
 *
 * @throws QuietproofError QP2111 if it is broken, QP2205 for Keras 3
 */
export function readTopology(model: JsonObject, file: string): Topology {
  const className = String(model.class_name);
  if (className === 'Sequential') return sequential(model.config, file);
  if (className === 'Functional' || className === 'Model') return functional(model.config, file);
  throw broken(`a model of class ${className} is neither Sequential nor functional`, file);
}

/** A chain of layers. Without an InputLayer, the first layer declares the input's shape. */
function sequential(config: unknown, file: string): Topology {
  const entries = Array.isArray(config) ? config : isObject(config) ? config.layers : undefined;
  const layers = readLayers(entries, file);
  const first = layers[0]!;
  if (first.className !== 'InputLayer') {
    const shape = first.config.batch_input_shape;
    if (first.config.batch_shape !== undefined) throw kerasThree(file);
    if (shape === undefined) throw broken('the first layer does not declare the shape of the input', file);
    const input = { ...first.config, name: `${first.name}_input` };
    layers.unshift({ name: input.name, className: 'InputLayer', config: input, calls: [] });
  }
  const chained = layers.map((layer, k): LayerSpec => {
    return { ...layer, calls: k === 0 ? [[]] : [[{ layer: layers[k - 1]!.name, call: 0 }]] };
  });
  const last = layers.at(-1)!.name;
  return {
    layers: byName(chained, file),
    inputs: [layers[0]!.name],
    outputs: [{ name: last, layer: last, call: 0 }],
  };
}

function functional(config: unknown, file: string): Topology {
  if (!isObject(config)) throw broken('the model has no config', file);
  const layers = byName(readLayers(config.layers, file), file);
  const inputs = readEnds(config.input_layers, 'inputs', file).map(({ layer }) => layer);
  const outputs = readEnds(config.output_layers, 'outputs', file);
  const isCalledOnce = ({ layer }: Call) => outputs.filter((own) => own.layer === layer).length === 1;
  return {
    layers,
    inputs,
    outputs: outputs.map((own) => ({
      ...own,
      name: isCalledOnce(own) ? own.layer : `${own.layer}#${own.call}`,
    })),
  };
}

function readEnds(ends: unknown, word: string, file: string): Call[] {
  if (!Array.isArray(ends) || ends.length === 0) throw broken(`the model has no ${word}`, file);
  // Keras 3 writes the one end itself where there is one.
  if (!Array.isArray(ends[0])) throw kerasThree(file);
  return ends.map((end: unknown) => readCall(end, file));
}

function readLayers(entries: unknown, file: string): LayerSpec[] {
  if (!Array.isArray(entries) || entries.length === 0) throw broken('the model has no layers', file);
  return entries.map((entry: unknown) => {
    if (!isObject(entry) || typeof entry.class_name !== 'string' || !isObject(entry.config)) {
      throw broken('a layer has no class or no config', file);
    }
    const name = entry.config.name ?? entry.name;
    if (typeof name !== 'string') throw broken(`a layer of class ${entry.class_name} has no name`, file);
    refuseUnprintable('layer', [name], file);
    const calls = readCalls(entry.inbound_nodes ?? [], file);
    const isInput = entry.class_name === 'InputLayer';
    return {
      name,
      className: entry.class_name,
      config: entry.config,
      calls: isInput && calls.length === 0 ? [[]] : calls,
    };
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
  if (tensor !== 0)
    throw broken(`output ${tensor} of layer "${layer}" is read, but only output 0 exists`, file);
  const extra = Object.entries(isObject(args) ? args : {}).filter(
    ([, value]) => value !== null && value !== false,
  );
  if (extra.length === 0) return { layer, call };
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
