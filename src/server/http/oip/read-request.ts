import {
  type Datatype,
  type InputTensor,
  isDatatype,
  Malformed,
  type ModelTensors,
  type OutputTensor,
  readBinary,
  readJsonElement,
} from '@quietproof/client/oip';
import type { RowValue } from '@quietproof/verify';
import { QuietproofError } from '../../../errors/quietproof-error.ts';

/** What a client asks a model. */
export interface InferRequest {
  readonly id?: string;
  readonly rows: readonly RowValue[][];
  /** In the order of the response. */
  readonly outputs: readonly WantedOutput[];
  /** What the proofs are to be bound to. */
  readonly context?: string;
}

export interface WantedOutput {
  readonly tensor: OutputTensor;
  readonly binary: boolean;
}

export interface InferBody {
  readonly bytes: Uint8Array;
  /** Length of the JSON, where tensors follow it (header `Inference-Header-Content-Length`). */
  readonly jsonLength?: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Bounds memory and the time for which others wait: one request is one unit of work. */
export const MAX_ROWS = 256;

/**
 * Reads the body of `infer`, in JSON or with tensors after it.
 *
 * @throws QP6581 it is no inference request; QP6582 a tensor does not fit the model; QP6584 it asks for what is not offered
 */
export function readInferRequest(body: InferBody, model: ModelTensors): InferRequest {
  const { json, rest } = split(body);
  const { id, inputs, outputs, parameters } = json;
  if (id !== undefined && typeof id !== 'string') throw malformed('"id" is no text');
  if (!Array.isArray(inputs)) throw malformed('"inputs" is no list');
  const own = fieldsOf(parameters ?? {}, 'parameters');
  refuseParameters(own, 'parameters');
  const context = own.context;
  if (context !== undefined && typeof context !== 'string')
    throw malformed('"parameters.context" is no text');
  return {
    ...(id !== undefined && { id }),
    rows: readRows(inputs, model.inputs, new Tail(rest)),
    outputs: wantedOutputs(outputs, model.outputs, own.binary_data_output === true),
    ...(context !== undefined && { context }),
  };
}

function split({ bytes, jsonLength }: InferBody): { readonly json: Fields; readonly rest: Uint8Array } {
  const length = jsonLength ?? bytes.length;
  if (!Number.isInteger(length) || length < 0 || length > bytes.length) {
    throw malformed('Inference-Header-Content-Length is not the length of a part of the body');
  }
  return { json: fieldsOf(parse(bytes.subarray(0, length)), 'the body'), rest: bytes.subarray(length) };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // Not the message of the parser: it may quote the input.
    throw malformed('the JSON cannot be parsed');
  }
}

/** The tensors after the JSON, in the order in which it lists them. */
class Tail {
  #rest: Uint8Array;

  constructor(rest: Uint8Array) {
    this.#rest = rest;
  }

  take(size: unknown, where: string): Uint8Array {
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size > this.#rest.length) {
      throw malformed('"binary_data_size" is not the length of what is left of the body', where);
    }
    const taken = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return taken;
  }

  end(): void {
    if (this.#rest.length > 0) throw malformed('there are bytes after the last tensor');
  }
}

interface GivenTensor {
  readonly rows: number;
  readonly values: readonly RowValue[];
}

function readRows(
  inputs: readonly unknown[],
  expected: readonly InputTensor[],
  tail: Tail,
): readonly RowValue[][] {
  const given = new Map<string, GivenTensor>();
  for (const [k, input] of inputs.entries()) {
    const fields = fieldsOf(input, `inputs[${k}]`);
    const tensor = expected.find(({ name }) => name === fields.name);
    if (tensor === undefined) {
      const names = expected.map(({ name }) => `"${name}"`).join(', ');
      throw unfit(`The model has no such input; it has ${names}`, `inputs[${k}]`);
    }
    if (given.has(tensor.name)) throw unfit('It is given twice', nameForMessages(tensor));
    given.set(tensor.name, readTensor(fields, tensor, tail));
  }
  tail.end();
  const missing = expected.find(({ name }) => !given.has(name));
  if (missing !== undefined) throw unfit('It is missing', nameForMessages(missing));
  const tensors = expected.map(({ name, count }) => ({ count, ...given.get(name)! }));
  const { rows } = tensors[0]!;
  if (tensors.some((own) => own.rows !== rows))
    throw unfit('The inputs differ in their number of rows', 'inputs');
  return Array.from({ length: rows }, (_, r) =>
    tensors.flatMap(({ count, values }) => values.slice(r * count, (r + 1) * count)),
  );
}

function readTensor(fields: Fields, tensor: InputTensor, tail: Tail): GivenTensor {
  const where = nameForMessages(tensor);
  const datatype = requireDatatype(fields.datatype, tensor, where);
  const rows = requireRows(fields.shape, tensor, where);
  const parameters = fieldsOf(fields.parameters ?? {}, `${where}, parameters`);
  refuseParameters(parameters, where);
  const size = parameters.binary_data_size;
  if ((size === undefined) === (fields.data === undefined)) {
    throw malformed('a tensor has either "data" or "binary_data_size"', where);
  }
  const count = rows * tensor.count;
  const values = wherever(where, () =>
    size === undefined
      ? readData(fields.data, datatype, count)
      : readBinary(datatype, tail.take(size, where), count),
  );
  return { rows, values };
}

/** Flat or nested, row-major; nesting is not compared with the shape. */
function readData(data: unknown, datatype: Datatype, count: number): RowValue[] {
  if (!Array.isArray(data)) throw new Malformed('"data" is no list');
  const flat: unknown[] = data.some(Array.isArray) ? data.flat(MAX_DIMENSIONS) : data;
  if (flat.length !== count) throw new Malformed(`"data" has ${flat.length} elements instead of ${count}`);
  return flat.map((element) => readJsonElement(datatype, element));
}

const MAX_DIMENSIONS = 9;

function requireDatatype(datatype: unknown, { takesTexts }: InputTensor, where: string): Datatype {
  if (!isDatatype(datatype)) throw unfit('Its datatype is not known here', where);
  if ((datatype === 'BYTES') !== takesTexts) {
    throw unfit(`It takes ${takesTexts ? 'BYTES' : 'numbers'}, not ${datatype}`, where);
  }
  return datatype;
}

/** The number of rows: the first dimension. Those of a row may be flat. */
function requireRows(shape: unknown, tensor: InputTensor, where: string): number {
  const expected = [-1, ...tensor.shape];
  const sizes: readonly unknown[] = Array.isArray(shape) ? shape : [];
  const [rows, ...own] = sizes;
  const isFlat = own.length === 1 && own[0] === tensor.count;
  const isWhole = own.length === tensor.shape.length && own.every((size, i) => size === tensor.shape[i]);
  if (!(isFlat || isWhole)) throw unfit(`Its shape is [${expected}], with the number of rows first`, where);
  if (typeof rows === 'number' && Number.isInteger(rows) && rows >= 1 && rows <= MAX_ROWS) return rows;
  throw unfit(`A request has 1 to ${MAX_ROWS} rows`, where);
}

function wantedOutputs(
  asked: unknown,
  offered: readonly OutputTensor[],
  allBinary: boolean,
): readonly WantedOutput[] {
  if (asked === undefined || (Array.isArray(asked) && asked.length === 0)) {
    return offered.map((tensor) => ({ tensor, binary: allBinary }));
  }
  if (!Array.isArray(asked)) throw malformed('"outputs" is no list');
  const seen = new Set<string>();
  return asked.map((item, k) => {
    const where = `outputs[${k}]`;
    const { name, parameters } = fieldsOf(item, where);
    const tensor = offered.find((one) => one.name === name);
    if (tensor === undefined) {
      const names = offered.map((one) => `"${one.name}"`).join(', ');
      throw notOffered(`The model has no such output; it has ${names}`, where);
    }
    if (seen.has(tensor.name)) throw malformed('an output is asked for twice', where);
    seen.add(tensor.name);
    const own = fieldsOf(parameters ?? {}, `${where}.parameters`);
    refuseParameters(own, where);
    return { tensor, binary: own.binary_data === undefined ? allBinary : own.binary_data === true };
  });
}

/** Extensions of other servers that would change the answer; all other parameters are the client's own. */
const NOT_OFFERED = ['classification', 'sequence_id', 'shared_memory_region'] as const;

function refuseParameters(parameters: Fields, where: string): void {
  const found = NOT_OFFERED.find((name) => Object.hasOwn(parameters, name));
  if (found !== undefined) throw notOffered(`The parameter "${found}" is not offered here`, where);
}

function fieldsOf(value: unknown, where: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw malformed('it is no object', where);
}

function wherever<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Malformed ? unfit(error.message, where) : error;
  }
}

function nameForMessages({ name }: InputTensor): string {
  return `input "${name}"`;
}

function malformed(why: string, where?: string): QuietproofError {
  const what = `This is no inference request: ${why}`;
  return new QuietproofError('QP6581', { what, ...(where !== undefined && { where }) });
}

function unfit(what: string, where: string): QuietproofError {
  return new QuietproofError('QP6582', { what, where });
}

function notOffered(what: string, where: string): QuietproofError {
  return new QuietproofError('QP6584', { what, where });
}
