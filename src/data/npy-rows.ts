import { QuietproofError } from '../errors/quietproof-error.ts';
import { expectedRow, FILL_IN, isAccepted, type ParsedRows, type RowSpec } from './data-set.ts';
import { damaged, type NpyHeader, readNpyHeader, unsupported } from './npy-header.ts';

type ReadNumber = (view: DataView, at: number, little: boolean) => number;

/** By NumPy's kind and size in bytes. 8-byte integers above 2^53 are rounded to the nearest double. */
const TYPES: Readonly<Record<string, ReadNumber>> = {
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  b1: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
};

/**
 * Reads rows from a `.npy` file of shape [rows, count], [rows, …shape], or [count] (one row), in C or Fortran order.
 *
 * @param source the file's name, for error messages
 */
export function readNpyRows(bytes: Buffer, spec: RowSpec, source: string): ParsedRows {
  const header = readNpyHeader(bytes, source);
  const [, order, type] = /^([<>|=])(\w+)$/.exec(header.descr) ?? [];
  const read = type === undefined ? undefined : TYPES[type];
  if (read === undefined || order === '=') throw unsupported(typeName(header.descr), source);
  const size = Number(type!.slice(1));
  if (order === '|' && size > 1) throw damaged(`Its type ${header.descr} has no byte order`, source);
  const shape = rowsShape(header.shape, spec, source);
  checkLength(bytes, header, size, source);
  const view = new DataView(bytes.buffer, bytes.byteOffset + header.dataStart);
  const places = header.fortranOrder ? fortranPlaces(shape.slice(1)) : undefined;
  const [total, little] = [shape[0]!, order !== '>'];
  const rows = Array.from({ length: total }, () => new Float64Array(spec.count));
  for (let r = 0; r < total; r += 1) {
    for (let i = 0; i < spec.count; i += 1) {
      const element = places === undefined ? r * spec.count + i : r + total * places[i]!;
      const value = read(view, element * size, little);
      if (!isAccepted(value, spec.accepts?.[i])) throw notFinite(value, r, i, source);
      rows[r]![i] = value;
    }
  }
  return { rows, notes: [] };
}

/** Returns the shape as [rows, …row]. A vector of the right length is one row. */
function rowsShape(shape: readonly number[], spec: RowSpec, source: string): readonly number[] {
  const found = `an array of shape (${shape.join(', ')})`;
  const fix = `For this model a row has ${expectedRow(spec)}`;
  if (shape.length === 1 && shape[0] === spec.count) return [1, ...shape];
  if (shape[0] === 0) throw new QuietproofError('QP1104', { what: `There is ${found}`, where: source });
  const row = shape.slice(1);
  const values = row.reduce((product, dim) => product * dim, 1);
  if (shape.length < 2 || values !== spec.count) {
    throw new QuietproofError('QP1105', { what: `There is ${found}`, where: source, fix });
  }
  const nested = spec.shape ?? [spec.count];
  const fits = row.length === 1 || (row.length === nested.length && row.every((dim, i) => dim === nested[i]));
  if (!fits) throw new QuietproofError('QP1106', { what: `There is ${found}`, where: source, fix });
  return shape;
}

function checkLength(bytes: Buffer, { shape, dataStart }: NpyHeader, size: number, source: string): void {
  const needed = shape.reduce((product, dim) => product * dim, size);
  const found = bytes.length - dataStart;
  if (found === needed) return;
  const word = found < needed ? 'is truncated' : 'continues after its end';
  throw damaged(`It ${word}: its header declares ${needed} bytes of numbers, but it has ${found}`, source);
}

/** The position in Fortran order (first axis fastest) of element i of a row in C order. */
function fortranPlaces(shape: readonly number[]): Int32Array {
  let places = Int32Array.of(0);
  let stride = 1;
  for (const dim of shape) {
    const next = new Int32Array(places.length * dim);
    for (let p = 0; p < places.length; p += 1) {
      for (let d = 0; d < dim; d += 1) next[p * dim + d] = places[p]! + d * stride;
    }
    places = next;
    stride *= dim;
  }
  return places;
}

function notFinite(value: number, row: number, column: number, source: string): QuietproofError {
  const where = `${source}, row ${row}, value ${column}, counted from 0`;
  return new QuietproofError('QP1107', { what: `${value} is not a finite number`, where, fix: FILL_IN });
}

function typeName(descr: string): string {
  if (descr.endsWith('O')) return 'pickled Python objects';
  return `type ${descr}`;
}
