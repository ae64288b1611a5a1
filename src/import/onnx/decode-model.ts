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

/** The domain of operators for models from scikit-learn and its relatives. */
export const LEARNED_DOMAIN = 'ai.onnx.ml';

export interface DecodedModel {
  readonly graph: GraphProto;
  /** Functions that the file defines, for its nodes to call. */
  readonly functions: readonly LocalFunction[];
  /** Version of the standard operator set; 0 if the file does not name it. */
  readonly opset: number;
  /** Version of the operator set of ai.onnx.ml; 0 if the file does not name it. */
  readonly learnedOpset: number;
  readonly producer: string;
}

/**
 * Decodes an ONNX file.
 *
 * @param file base name, for error messages
 * @throws QuietproofError QP2001 if the bytes are not an ONNX model
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
    opset: versionOf(model, isStandardDomain),
    learnedOpset: versionOf(model, (domain) => domain === LEARNED_DOMAIN),
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

function versionOf(model: ModelProto, isIn: (domain: string | null | undefined) => boolean): number {
  const entry = model.opsetImport.find(({ domain }) => isIn(domain));
  return entry === undefined ? 0 : toInteger(entry.version);
}

/** Whether the domain of a node or operator set is the standard one. */
export function isStandardDomain(domain: string | null | undefined): boolean {
  return !domain || domain === 'ai.onnx';
}

/** On one line: CatBoost writes several. */
function producerOf(model: ModelProto): string {
  return `${model.producerName} ${model.producerVersion}`.replace(/\s+/g, ' ').trim();
}

/** An int64 field as a double, rounded if large. protobufjs returns a Long if that package is installed. */
export function toInteger(value: unknown): number {
  return typeof value === 'number' ? value : Number(String(value ?? 0));
}
