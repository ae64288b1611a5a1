import type { RowValue } from '@quietproof/verify';

/** The tensor datatypes of the Open Inference Protocol that models here take or give. */
export type Datatype =
  | 'BOOL'
  | 'UINT8'
  | 'UINT16'
  | 'UINT32'
  | 'UINT64'
  | 'INT8'
  | 'INT16'
  | 'INT32'
  | 'INT64'
  | 'FP32'
  | 'FP64'
  | 'BYTES';

/** What is wrong with an element or a tensor; the caller adds which. */
export class Malformed extends Error {}

interface NumberType {
  /** Bytes of an element. */
  readonly size: number;
  readonly read: (view: DataView, at: number) => number | bigint;
  /** Integers have limits, which JSON does not enforce. */
  readonly limits?: readonly [bigint, bigint];
}

const signed = (bits: bigint) => [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n] as const;
const unsigned = (bits: bigint) => [0n, 2n ** bits - 1n] as const;

/** Little-endian, as the binary extension has them. */
const NUMBERS: { readonly [D in Exclude<Datatype, 'BYTES'>]: NumberType } = {
  BOOL: { size: 1, read: readBool, limits: [0n, 1n] },
  UINT8: { size: 1, read: (view, at) => view.getUint8(at), limits: unsigned(8n) },
  UINT16: { size: 2, read: (view, at) => view.getUint16(at, true), limits: unsigned(16n) },
  UINT32: { size: 4, read: (view, at) => view.getUint32(at, true), limits: unsigned(32n) },
  UINT64: { size: 8, read: (view, at) => view.getBigUint64(at, true), limits: unsigned(64n) },
  INT8: { size: 1, read: (view, at) => view.getInt8(at), limits: signed(8n) },
  INT16: { size: 2, read: (view, at) => view.getInt16(at, true), limits: signed(16n) },
  INT32: { size: 4, read: (view, at) => view.getInt32(at, true), limits: signed(32n) },
  INT64: { size: 8, read: (view, at) => view.getBigInt64(at, true), limits: signed(64n) },
  FP32: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  FP64: { size: 8, read: (view, at) => view.getFloat64(at, true) },
};

export const DATATYPES = [...Object.keys(NUMBERS), 'BYTES'] as readonly Datatype[];

export function isDatatype(text: unknown): text is Datatype {
  return (DATATYPES as readonly unknown[]).includes(text);
}

/** @throws Malformed unless there are exactly `count` elements */
export function readBinary(datatype: Datatype, bytes: Uint8Array, count: number): RowValue[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (datatype === 'BYTES') return readTexts(view, count);
  const { size, read } = NUMBERS[datatype];
  if (bytes.byteLength !== count * size) {
    throw new Malformed(`${bytes.byteLength} bytes are not ${count} elements of ${datatype}`);
  }
  return Array.from({ length: count }, (_, i) => rowValueOf(read(view, i * size)));
}

/** An element of `data` in JSON. @throws Malformed */
export function readJsonElement(datatype: Datatype, value: unknown): RowValue {
  if (datatype === 'BYTES') {
    if (typeof value === 'string') return value;
    throw new Malformed('an element of BYTES is no text');
  }
  if (datatype === 'BOOL' && typeof value === 'boolean') return Number(value);
  const { limits } = NUMBERS[datatype];
  // JSON has no numbers for these; the texts are those of data files.
  if (limits === undefined && typeof value === 'string' && NOT_FINITE.has(value)) return value;
  if (typeof value !== 'number') throw new Malformed(`an element of ${datatype} is no number`);
  const isWithin = limits === undefined || isInteger(value, limits);
  if (!isWithin) throw new Malformed(`an element is no ${datatype}`);
  // Not rounded to float32 where that is named: whoever checks the proof encodes the number as it was written.
  return rowValueOf(value);
}

const NOT_FINITE = new Set(['NaN', 'Infinity', '-Infinity']);

function isInteger(value: number, [low, high]: readonly [bigint, bigint]): boolean {
  return Number.isInteger(value) && BigInt(value) >= low && BigInt(value) <= high;
}

/** As rows have them: what is not finite is a text. @throws Malformed for an integer that a double does not hold */
function rowValueOf(value: number | bigint): RowValue {
  const number = Number(value);
  if (typeof value === 'bigint' && !Number.isSafeInteger(number)) {
    throw new Malformed('an element is beyond ±(2^53 − 1)');
  }
  return Number.isFinite(number) ? number : String(number);
}

function readBool(view: DataView, at: number): number {
  const byte = view.getUint8(at);
  if (byte > 1) throw new Malformed('an element of BOOL is neither 0 nor 1');
  return byte;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Each text has its length before it, in four bytes. */
function readTexts(view: DataView, count: number): string[] {
  const texts: string[] = [];
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    const left = view.byteLength - at - 4;
    const length = left < 0 ? 0 : view.getUint32(at, true);
    if (left < 0 || length > left) throw new Malformed(`the bytes end within element ${i}`);
    texts.push(readText(new Uint8Array(view.buffer, view.byteOffset + at + 4, length)));
    at += 4 + length;
  }
  if (at !== view.byteLength) throw new Malformed(`there are bytes after ${count} elements`);
  return texts;
}

function readText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Malformed('a text is not UTF-8');
  }
}

/** The bytes of an answer's elements: FP64, INT64 or BYTES. */
export function writeBinary(datatype: OutputDatatype, elements: readonly (number | string)[]): Uint8Array {
  if (datatype === 'BYTES') return joined(elements.map((text) => lengthFirst(String(text))));
  const view = new DataView(new ArrayBuffer(elements.length * 8));
  elements.forEach((element, i) => {
    if (datatype === 'FP64') view.setFloat64(i * 8, Number(element), true);
    else view.setBigInt64(i * 8, BigInt(element), true);
  });
  return new Uint8Array(view.buffer);
}

export type OutputDatatype = Extract<Datatype, 'FP64' | 'INT64' | 'BYTES'>;

function lengthFirst(text: string): Uint8Array {
  const own = new TextEncoder().encode(text);
  const bytes = new Uint8Array(4 + own.length);
  new DataView(bytes.buffer).setUint32(0, own.length, true);
  bytes.set(own, 4);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
