import type { RowValue } from '@quietproof/verify';
import { type Datatype, isDatatype, Malformed, readBinary, readJsonElement } from './datatypes.ts';
import type { ModelTensors, OutputTensor } from './model-tensors.ts';
import { type Fields, fieldsOf, type Message, Tail, UnreadableMessage } from './read-message.ts';

const MAX_ROWS = 256;
const MAX_DIMENSIONS = 9;

/** The rows that a request asks about: what the server has accepted. @throws UnreadableMessage */
export function readRows({ json, rest }: Message, { inputs }: ModelTensors): RowValue[][] {
  const tail = new Tail(rest);
  const given = new Map<unknown, { readonly rows: number; readonly values: readonly RowValue[] }>();
  for (const fields of tensorsIn(json, 'inputs')) {
    const tensor = inputs.find(({ name }) => name === fields.name);
    if (tensor === undefined || given.has(tensor.name)) throw new UnreadableMessage('it has other inputs');
    const rows = rowsOf(fields);
    given.set(tensor.name, { rows, values: elementsOf(fields, rows * tensor.count, tail) });
  }
  const all = inputs.map(({ name, count }) => ({ count, ...given.get(name) }));
  const rows = all[0]?.rows;
  if (rows === undefined || all.some((one) => one.rows !== rows)) {
    throw new UnreadableMessage('an input is missing');
  }
  return Array.from({ length: rows }, (_, r) =>
    all.flatMap(({ count, values = [] }) => values.slice(r * count, (r + 1) * count)),
  );
}

/** What a response says of one output of all rows. */
export interface ReceivedOutput {
  readonly tensor: OutputTensor;
  /** Row-major. */
  readonly elements: readonly (number | string)[];
}

/** The outputs that came, of those that the model has. @throws UnreadableMessage */
export function readOutputs(
  { json, rest }: Message,
  { outputs }: ModelTensors,
  rows: number,
): ReceivedOutput[] {
  const tail = new Tail(rest);
  return tensorsIn(json, 'outputs').map((fields) => {
    const tensor = outputs.find(({ name }) => name === fields.name);
    if (tensor === undefined || fields.datatype !== tensor.datatype) {
      throw new UnreadableMessage('it has an output that the model has not');
    }
    if (rowsOf(fields) !== rows) throw new UnreadableMessage('it has outputs of another number of rows');
    const count = tensor.shape.reduce((product, size) => product * size, rows);
    return { tensor, elements: elementsOf(fields, count, tail) };
  });
}

function tensorsIn(json: Fields, name: 'inputs' | 'outputs'): Fields[] {
  const tensors = json[name];
  if (!Array.isArray(tensors) || tensors.length === 0) throw new UnreadableMessage(`it has no ${name}`);
  return tensors.map(fieldsOf);
}

function rowsOf({ shape }: Fields): number {
  const rows: unknown = Array.isArray(shape) ? shape[0] : undefined;
  if (typeof rows === 'number' && Number.isInteger(rows) && rows >= 1 && rows <= MAX_ROWS) return rows;
  throw new UnreadableMessage('a tensor has no number of rows');
}

function elementsOf(fields: Fields, count: number, tail: Tail): RowValue[] {
  const { datatype, data, parameters } = fields;
  if (!isDatatype(datatype)) throw new UnreadableMessage('a tensor has an unknown datatype');
  const size = fieldsOf(parameters ?? {}).binary_data_size;
  try {
    return size === undefined ? inJson(datatype, data, count) : readBinary(datatype, tail.take(size), count);
  } catch (error) {
    if (error instanceof Malformed) throw new UnreadableMessage(error.message);
    throw error;
  }
}

function inJson(datatype: Datatype, data: unknown, count: number): RowValue[] {
  const flat: unknown[] = Array.isArray(data) ? data.flat(MAX_DIMENSIONS) : [];
  if (flat.length !== count) throw new UnreadableMessage('a tensor has another number of elements');
  return flat.map((element) => readJsonElement(datatype, element));
}
