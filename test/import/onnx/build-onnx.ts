import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;

const FOLDER = mkdtempSync(join(tmpdir(), 'quietproof-onnx-'));
process.once('exit', () => rmSync(FOLDER, { recursive: true, force: true }));

export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Second and later outputs. */
  readonly further?: readonly string[];
  readonly name?: string;
  readonly domain?: string;
  /** Whole numbers are written as int, others as float unless they say so, lists of numbers as ints. */
  readonly attributes?: Readonly<Record<string, AttributeSpec>>;
}

export type AttributeSpec =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly graph: GraphSpec }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }
  /** A list of doubles, or of floats or bytes. */
  | { readonly tensor: readonly number[]; readonly type: 1 | 2 | 11 };

/** A sub-graph: nodes that read the names around it, and the names of its outputs. */
export interface GraphSpec {
  readonly nodes: readonly NodeSpec[];
  readonly outputs: readonly string[];
}

export interface ModelSpec {
  readonly input: readonly (number | string)[];
  readonly nodes: readonly NodeSpec[];
  /** Float32 tensors, or int64 ones where `int` is given. */
  readonly weights?: Readonly<Record<string, WeightSpec>>;
  readonly output?: string;
  /** Several outputs, instead of one. */
  readonly outputs?: readonly OutputSpec[];
  /** 0 leaves the standard operator set out. */
  readonly opset?: number;
  /** The version of ai.onnx.ml, if the model has operators of it. */
  readonly learnedOpset?: number;
  readonly inputType?: number;
  readonly outputType?: number;
  /** Further inputs. */
  readonly inputs?: Readonly<
    Record<string, { readonly shape: readonly (number | string)[]; readonly type?: number }>
  >;
  /** Further outputs, of floats. */
  readonly furtherOutputs?: readonly string[];
}

/** An output: a tensor of a type, or numbers by names, whose keys have a type. */
export type OutputSpec =
  | { readonly name: string; readonly type: number }
  | { readonly name: string; readonly keys: number };

export interface WeightSpec {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
  readonly int?: boolean;
  /** A data type of 64-bit floats or of bits in 16, by its number; `data` is then as the file stores it. */
  readonly type?: 10 | 11 | 16;
}

/** Encodes a small model with one input `x` and one output, `y` unless named. */
export function buildOnnx(spec: ModelSpec): Uint8Array {
  const graph = onnx.GraphProto.create({
    name: 'test',
    input: [
      valueInfo('x', spec.input, spec.inputType ?? 1),
      ...Object.entries(spec.inputs ?? {}).map(([name, { shape, type }]) =>
        valueInfo(name, shape, type ?? 1),
      ),
    ],
    output: [
      ...(spec.outputs ?? [{ name: spec.output ?? 'y', type: spec.outputType ?? 1 }]),
      ...(spec.furtherOutputs ?? []).map((name) => ({ name, type: 1 })),
    ].map(outputInfo),
    initializer: Object.entries(spec.weights ?? {}).map(([name, weight]) => tensorProto(name, weight)),
    node: spec.nodes.map(nodeProto),
  });
  const opsetImport = [
    ...(spec.opset === 0 ? [] : [{ domain: '', version: spec.opset ?? 17 }]),
    ...(spec.learnedOpset === undefined ? [] : [{ domain: 'ai.onnx.ml', version: spec.learnedOpset }]),
  ];
  return onnx.ModelProto.encode({ irVersion: 8, producerName: 'test', opsetImport, graph }).finish();
}

export function nodeProto(node: NodeSpec): onnxProto.onnx.INodeProto {
  return {
    opType: node.op,
    name: node.name ?? '',
    domain: node.domain ?? '',
    input: [...node.inputs],
    output: [node.output, ...(node.further ?? [])],
    attribute: Object.entries(node.attributes ?? {}).map(([name, value]) => attribute(name, value)),
  };
}

/** Writes bytes as `model.onnx` into a new folder and returns its path. Removed when the process ends. */
export function writeModel(bytes: Uint8Array): string {
  const path = join(mkdtempSync(join(FOLDER, 'm-')), 'model.onnx');
  writeFileSync(path, bytes);
  return path;
}

export function tensorProto(name: string, { shape, data, int, type }: WeightSpec) {
  const values = Array.from(data);
  if (type !== undefined) {
    const field = type === 11 ? { doubleData: values } : { int32Data: values };
    return { name, dims: [...shape], dataType: type, ...field };
  }
  const typed = int ? { dataType: 7, int64Data: values } : { dataType: 1, floatData: values };
  return { name, dims: [...shape], ...typed };
}

function outputInfo(output: OutputSpec) {
  if ('type' in output) return valueInfo(output.name, undefined, output.type);
  const mapType = { keyType: output.keys, valueType: { tensorType: { elemType: 1 } } };
  return { name: output.name, type: { sequenceType: { elemType: { mapType } } } };
}

function valueInfo(name: string, shape: readonly (number | string)[] | undefined, elemType: number) {
  const dim = shape?.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType, ...(dim ? { shape: { dim } } : {}) } } };
}

function attribute(name: string, value: AttributeSpec): onnxProto.onnx.IAttributeProto {
  if (typeof value === 'object' && 'graph' in value) {
    const { nodes, outputs } = value.graph;
    const g = {
      name,
      node: nodes.map(nodeProto),
      output: outputs.map((output) => valueInfo(output, undefined, 1)),
    };
    return { name, type: 5, g };
  }
  if (typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
  if (typeof value === 'object' && 'float' in value) return { name, type: 1, f: value.float };
  if (typeof value === 'object' && 'floats' in value) return { name, type: 6, floats: [...value.floats] };
  if (typeof value === 'object' && 'strings' in value)
    return { name, type: 8, strings: value.strings.map((text) => Buffer.from(text)) };
  if (typeof value === 'object' && 'tensor' in value) {
    const field = { 1: 'floatData', 2: 'int32Data', 11: 'doubleData' }[value.type];
    const t = { dims: [value.tensor.length], dataType: value.type, [field]: [...value.tensor] };
    return { name, type: 4, t };
  }
  if (typeof value !== 'number') return { name, type: 7, ints: [...value] };
  return Number.isInteger(value) ? { name, type: 2, i: value } : { name, type: 1, f: value };
}
