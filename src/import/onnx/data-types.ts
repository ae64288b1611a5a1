import { type FloatPrecision, halfFromBits, roundTo } from '../../graph/float-precision.ts';

/** Numeric values of TensorProto.DataType in onnx.proto3. */
export const FLOAT = 1;
export const INT64 = 7;
export const STRING = 8;
export const BOOL = 9;

export interface DataType {
  readonly name: string;
  readonly bytes: number;
  readonly float: boolean;
  readonly read: (view: DataView, offset: number) => number;
  /** The field of TensorProto that holds the values if raw_data does not. */
  readonly field: 'floatData' | 'int32Data' | 'int64Data' | 'doubleData' | 'uint64Data';
}

const INTEGER = { float: false, field: 'int32Data' } as const;

/** Numeric data types, by their TensorProto number. Raw data is little-endian. */
export const DATA_TYPES: Readonly<Record<number, DataType>> = {
  1: { name: 'float32', bytes: 4, float: true, field: 'floatData', read: (v, at) => v.getFloat32(at, true) },
  2: { name: 'uint8', bytes: 1, ...INTEGER, read: (v, at) => v.getUint8(at) },
  3: { name: 'int8', bytes: 1, ...INTEGER, read: (v, at) => v.getInt8(at) },
  4: { name: 'uint16', bytes: 2, ...INTEGER, read: (v, at) => v.getUint16(at, true) },
  5: { name: 'int16', bytes: 2, ...INTEGER, read: (v, at) => v.getInt16(at, true) },
  6: { name: 'int32', bytes: 4, ...INTEGER, read: (v, at) => v.getInt32(at, true) },
  7: {
    name: 'int64',
    bytes: 8,
    float: false,
    field: 'int64Data',
    read: (v, at) => Number(v.getBigInt64(at, true)),
  },
  9: { name: 'bool', bytes: 1, ...INTEGER, read: (v, at) => (v.getUint8(at) === 0 ? 0 : 1) },
  10: {
    name: 'float16',
    bytes: 2,
    float: true,
    field: 'int32Data',
    read: (v, at) => halfFromBits(v.getUint16(at, true)),
  },
  11: {
    name: 'float64',
    bytes: 8,
    float: true,
    field: 'doubleData',
    read: (v, at) => v.getFloat64(at, true),
  },
  12: { name: 'uint32', bytes: 4, float: false, field: 'uint64Data', read: (v, at) => v.getUint32(at, true) },
  13: {
    name: 'uint64',
    bytes: 8,
    float: false,
    field: 'uint64Data',
    read: (v, at) => Number(v.getBigUint64(at, true)),
  },
  16: {
    name: 'bfloat16',
    bytes: 2,
    float: true,
    field: 'int32Data',
    read: (v, at) => bfloat(v.getUint16(at, true)),
  },
};

/**
 * A number as a value of a data type: rounded to a float format, cut to whole numbers that wrap around, or 0 and 1. This
 * is what Cast does, and what arithmetic on constants of that type gives.
 */
export function toDataType(dataType: number, value: number): number {
  const type = DATA_TYPES[dataType];
  if (type === undefined) return value;
  if (type.float) return roundTo(type.name as FloatPrecision, value);
  if (type.name === 'bool') return value === 0 ? 0 : 1;
  const whole = Math.trunc(value);
  if (type.bytes === 8 || !Number.isFinite(whole)) return whole;
  const modulus = 2 ** (8 * type.bytes);
  const wrapped = ((whole % modulus) + modulus) % modulus;
  return type.name.startsWith('u') || wrapped < modulus / 2 ? wrapped : wrapped - modulus;
}

/** The number format of a floating-point data type; undefined for other types. */
export function precisionOf(dataType: number): FloatPrecision | undefined {
  const type = DATA_TYPES[dataType];
  return type?.float ? (type.name as FloatPrecision) : undefined;
}

/** Converts a value of a typed field, in which 16-bit floats are stored as their bits. */
export function fromTypedField(dataType: number, value: number): number {
  if (dataType === 10) return halfFromBits(value & 0xffff);
  if (dataType === 16) return bfloat(value & 0xffff);
  return value;
}

/** The name of a data type for messages, or its number if it has no name. */
export function dataTypeName(dataType: number): string {
  return (
    DATA_TYPES[dataType]?.name ?? { 0: 'an undefined type', 8: 'string' }[dataType] ?? `data type ${dataType}`
  );
}

/** bfloat16: the upper half of a float32. */
function bfloat(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits << 16);
  return view.getFloat32(0);
}
