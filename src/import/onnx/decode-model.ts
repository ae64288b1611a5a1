import onnxProto from 'onnx-proto';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { messagesIn } from './protobuf-fields.ts';

type Proto = typeof onnxProto.onnx;
type ModelProto = InstanceType<Proto['ModelProto']>;
export type GraphProto = InstanceType<Proto['GraphProto']>;
export type NodeProto = InstanceType<Proto['NodeProto']>;
type FunctionProto = InstanceType<Proto['FunctionProto']>;
export type TensorProto = InstanceType<Proto['TensorProto']>;
export type AttributeProto = InstanceType<Proto['AttributeProto']>;
export type ValueInfoProto = InstanceType<Proto['ValueInfoProto']>;

export interface LocalFunction {
  readonly body: FunctionProto;
  /** The attributes of a call that does not give them. */
  readonly defaults: readonly AttributeProto[];
}

/** Supported versions of the standard operator set. */
const OPSETS = { oldest: 8, newest: 21 } as const;

export interface DecodedModel {
  readonly graph: GraphProto;
  /** Functions that the file defines, for its nodes to call. */
  readonly functions: readonly LocalFunction[];
  /** Version of the standard operator set. */
  readonly opset: number;
  readonly producer: string;
}

/**
 * Decodes an ONNX file.
 *
 * @param file base name, for error messages
 * @throws QuietproofError QP2001 if the bytes are not an ONNX model, QP2104 for an unsupported operator set version
 */
export function decodeModel(bytes: Uint8Array, file: string): DecodedModel {
  const model = decodeProtobuf(bytes, file);
  const graph = model.graph as GraphProto | null | undefined;
  if (!graph || graph.node.length === 0 || graph.output.length === 0) {
    throw new QuietproofError('QP2001', {
      what: 'the file contains no ONNX graph',
      where: file,
      fix: REEXPORT,
    });
  }
  return {
    graph,
    functions: functionsOf(model, bytes),
    opset: standardOpset(model, file),
    producer: producerOf(model),
  };
}

/** With their default attributes, which the decoder skips. */
function functionsOf(model: ModelProto, bytes: Uint8Array): LocalFunction[] {
  if (model.functions.length === 0) return [];
  const defaults = functionDefaults(bytes);
  return model.functions.map((body, k) => ({ body: body as FunctionProto, defaults: defaults[k] ?? [] }));
}

/** Field numbers of onnx.proto3 that the decoder does not know: it was generated before IR version 9. */
const FUNCTIONS_OF_MODEL = 25;
const DEFAULTS_OF_FUNCTION = 11;

/** The default attributes of each function, in the order of the functions. */
function functionDefaults(bytes: Uint8Array): AttributeProto[][] {
  const bodies = [...messagesIn(bytes, FUNCTIONS_OF_MODEL)];
  return bodies.map((body) =>
    [...messagesIn(body, DEFAULTS_OF_FUNCTION)].map(
      (one) => onnxProto.onnx.AttributeProto.decode(one) as AttributeProto,
    ),
  );
}

const REEXPORT = 'Export the model again, and check that the file is complete';

function decodeProtobuf(bytes: Uint8Array, file: string): ModelProto {
  try {
    return onnxProto.onnx.ModelProto.decode(bytes);
  } catch (cause) {
    // protobufjs throws RangeError at the end of input and Error for a bad wire type. Deep nesting overflows the stack.
    const what = 'the file is not an ONNX model, or it is truncated or corrupt';
    throw new QuietproofError('QP2001', { what, where: file, fix: REEXPORT, cause });
  }
}

function standardOpset(model: ModelProto, file: string): number {
  const entry = model.opsetImport.find(({ domain }) => isStandardDomain(domain));
  const version = entry === undefined ? 0 : toInteger(entry.version);
  if (version >= OPSETS.oldest && version <= OPSETS.newest) return version;
  const what = `operator set ${version} is not supported; versions ${OPSETS.oldest} to ${OPSETS.newest} are`;
  const fix = `Export with opset_version=17, or convert the file with onnx.version_converter`;
  throw new QuietproofError('QP2104', { what, where: file, fix });
}

/** Whether the domain of a node or operator set is the standard one. */
export function isStandardDomain(domain: string | null | undefined): boolean {
  return !domain || domain === 'ai.onnx';
}

function producerOf(model: ModelProto): string {
  return `${model.producerName} ${model.producerVersion}`.trim();
}

/** An int64 field as a double, rounded if large. protobufjs returns a Long if that package is installed. */
export function toInteger(value: unknown): number {
  return typeof value === 'number' ? value : Number(String(value ?? 0));
}
