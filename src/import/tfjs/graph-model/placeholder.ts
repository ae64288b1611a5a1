import type { InputValues } from '../../../graph/float-graph.ts';
import type { GraphBuilder } from '../../graph-builder.ts';
import { isObject, isSize } from '../json-value.ts';
import type { GraphNode } from './graph-def.ts';
import type { ViewTensor } from './operation.ts';

/** An input of a graph model. */
export interface Placeholder {
  /** As the signature names it. */
  readonly name: string;
  readonly node: GraphNode;
  /** Rows that it takes at once: more than 1 only where the file says so. */
  readonly batch: number;
  readonly row: readonly number[];
  readonly values: InputValues;
}

const INT32: InputValues = { kind: 'integer', min: -(2 ** 31), max: 2 ** 31 - 1 };

/** What an input may be, by type. TensorFlow.js takes 64-bit integers as 32-bit ones. */
const VALUES: Readonly<Record<string, InputValues>> = {
  __proto__: null as never,
  DT_FLOAT: { kind: 'real' },
  DT_INT32: INT32,
  DT_INT64: INT32,
  DT_INT8: { kind: 'integer', min: -128, max: 127 },
  DT_UINT8: { kind: 'integer', min: 0, max: 255 },
  DT_BOOL: { kind: 'integer', min: 0, max: 1 },
};

/**
 * Reads the shape and type of an input. The first dimension is the batch; one of several rows is one row of data.
 *
 * @throws QuietproofError QP2107 if the shape is not known, QP2105 for another type
 */
export function readPlaceholder(builder: GraphBuilder, name: string, node: GraphNode): Placeholder {
  const error = (code: 'QP2105' | 'QP2107', what: string) =>
    builder.error(code, { name: node.name, op: node.op }, what);
  const { shape } = isObject(node.attributes.shape) ? node.attributes.shape : {};
  const dims = isObject(shape) && Array.isArray(shape.dim) ? (shape.dim as unknown[]) : [];
  const [given, ...row] = dims.map((dim) => Number(isObject(dim) ? dim.size : Number.NaN));
  if (node.op !== 'Placeholder' || given === undefined) {
    throw error('QP2107', 'the shape of the input is not given');
  }
  const batch = given === -1 ? 1 : given;
  if (![batch, ...row].every((dim) => isSize(dim) && dim > 0)) {
    throw error('QP2107', 'only the batch dimension of the input may be dynamic');
  }
  const { type } = isObject(node.attributes.dtype) ? node.attributes.dtype : {};
  const values = VALUES[String(type)];
  if (values === undefined) throw error('QP2105', `an input of ${String(type)} is not supported`);
  return { name, node, batch, row, values };
}

export function importPlaceholder(builder: GraphBuilder, input: Placeholder): ViewTensor {
  const { name, batch, row, values } = input;
  const shape = [batch, ...row];
  const view = builder.input(name, shape, batch > 1 ? shape : row, values);
  return { kind: 'view', view, isInteger: INTEGER[values.kind] };
}

const INTEGER: Readonly<Record<InputValues['kind'], boolean>> = {
  real: false,
  integer: true,
};
