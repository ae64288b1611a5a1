import { basename } from 'node:path';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { readModelFile } from '../model-file.ts';
import { refuseUnprintable } from '../printable-names.ts';
import { readWeightFile } from '../weight-file.ts';
import { isObject, type JsonObject } from './json-value.ts';
import { readManifest, storedBytes, type WeightGroup } from './weights-manifest.ts';

/** The files of a TensorFlow.js model, with topology and weights still unparsed. */
export interface TfjsFiles {
  /** Base name of the JSON file. */
  readonly file: string;
  readonly kind: 'layers' | 'graph';
  /**
   * Layers: `{ class_name, config }`, the `model_config` of a converted model, or what TensorFlow.js saved. Graph: a
   * GraphDef of TensorFlow.
   */
  readonly topology: JsonObject;
  /** The names of a graph's inputs and outputs, unread. */
  readonly signature: unknown;
  readonly groups: readonly WeightGroup[];
  /** The concatenated shards of each group. */
  readonly data: readonly Uint8Array[];
  /** All files: the JSON, then the shards in the manifest's order. */
  readonly all: readonly Uint8Array[];
  /** The software that wrote the file; may be empty. */
  readonly producer: string;
}

/**
 * Reads `model.json` and its weight shards.
 *
 * @throws QuietproofError QP2001 (not JSON), QP2201 (not a model), QP2202 (a broken manifest), QP2004 (a shard
 * is missing or has the wrong size), QP2005 (a shard is outside the folder)
 */
export async function readTfjsFiles(path: string): Promise<TfjsFiles> {
  const file = basename(path);
  const bytes = await readModelFile(path);
  const json = parse(bytes, file);
  refuseUnprintable('layer, weight or producer', stringsIn(json), file);
  const { kind, topology } = topologyOf(json, file);
  const groups = readManifest(json.weightsManifest, file);
  const shards: Buffer[][] = [];
  for (const group of groups) {
    const parts: Buffer[] = [];
    for (const location of group.paths) parts.push(await readWeightFile(location, path));
    shards.push(parts);
  }
  const data = shards.map((parts) => Buffer.concat(parts));
  for (const [index, group] of groups.entries()) checkSize(group, data[index]!, file);
  const signature = signatureOf(json);
  return {
    file,
    kind,
    topology,
    signature,
    groups,
    data,
    all: [bytes, ...shards.flat()],
    producer: producerOf(json),
  };
}

function parse(bytes: Buffer, file: string): JsonObject {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isObject(json)) return json;
  } catch (cause) {
    const what = 'the model file is not JSON, or it is truncated';
    throw new QuietproofError('QP2001', { what, where: file, fix: 'Save the model again', cause });
  }
  throw notLayersModel(file, 'the file contains no model');
}

/** Longer strings are no names, but for example the code of a Lambda layer. */
const MAX_NAME = 1024;

/** Every short string and every key: a file of this format quotes its names in many places. */
function* stringsIn(json: unknown): Generator<string> {
  const left: unknown[] = [json];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string') {
      if (value.length <= MAX_NAME) yield value;
    } else if (Array.isArray(value)) for (const item of value) left.push(item);
    else if (isObject(value)) for (const [key, member] of Object.entries(value)) left.push(key, member);
  }
}

function topologyOf(json: JsonObject, file: string): Pick<TfjsFiles, 'kind' | 'topology'> {
  const topology = json.modelTopology;
  if (!isObject(topology)) throw notLayersModel(file, 'the file has no modelTopology');
  if (json.format === 'graph-model' || 'node' in topology) return { kind: 'graph', topology };
  const config = topology.model_config ?? topology;
  if (isObject(config) && typeof config.class_name === 'string') return { kind: 'layers', topology: config };
  throw notLayersModel(file, 'its modelTopology does not describe a Keras model');
}

/** Older converters wrote it into `userDefinedMetadata`. */
function signatureOf(json: JsonObject): unknown {
  const metadata = json.userDefinedMetadata;
  return json.signature ?? (isObject(metadata) ? metadata.signature : undefined);
}

function notLayersModel(file: string, what: string): QuietproofError {
  const fix =
    'Convert the Keras model with --output_format=tfjs_layers_model, save with LayersModel.save, or use ONNX';
  return new QuietproofError('QP2201', { what, where: file, fix });
}

function checkSize(group: WeightGroup, data: Uint8Array, file: string): void {
  const needed = group.weights.reduce((sum, weight) => sum + storedBytes(weight), 0);
  if (data.length === needed) return;
  const names = group.paths.map((path) => `"${path}"`).join(', ');
  const what = `the weights in ${names} need ${needed} bytes, but there are ${data.length}`;
  throw new QuietproofError('QP2004', {
    what,
    where: file,
    fix: 'Copy or save the model again, including its weights',
  });
}

function producerOf(json: JsonObject): string {
  const words = [json.generatedBy, json.convertedBy].filter((word) => typeof word === 'string');
  return words.join(', ');
}
