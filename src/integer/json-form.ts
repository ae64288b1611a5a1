import { type Reader, readers } from '@quietproof/verify';
import { numbers } from '../data/json-object.ts';
import { ABSENT } from '../graph/float-graph.ts';

/** The type of a value in integer-graph.json: typed arrays become arrays of numbers. */
export type JsonOf<T> = T extends Float64Array | Int32Array
  ? readonly number[]
  : T extends readonly (infer Entry)[]
    ? readonly JsonOf<Entry>[]
    : T extends object
      ? { readonly [Key in keyof T]: JsonOf<T[Key]> }
      : T;

/** Readers of the members of an object type, by name. */
export type MemberReaders<T> = { readonly [K in keyof T]-?: Reader<T[K]> };

/** −0 is written as 0. */
export function integers(values: Float64Array | Int32Array): number[] {
  return Array.from(values, (value) => (value === 0 ? 0 : value));
}

export function reals(values: readonly number[]): string[] {
  return values.map((value) => String(value === 0 ? 0 : value));
}

const MAX_ID = 2 ** 31 - 1;

/** The parser accepts no other numbers than safe integers. */
export const readIntegers = numbers((length) => new Float64Array(length), Number.isSafeInteger, 'an integer');

const isId = (id: number) => id >= ABSENT && id <= MAX_ID;

/** Id of a value, `ZERO` or `ABSENT`. Whether the value exists is checked with the graph. */
export const readId: Reader<number> = (json, at) =>
  typeof json === 'number' && isId(json) ? json : readers.refuse(at, 'must be the id of a value');

export const readIds = numbers((length) => new Int32Array(length), isId, 'the id of a value');

/** Integers of 32 bits that are no ids. */
export const readSmallIntegers = numbers(
  (length) => new Int32Array(length),
  (value) => Number.isInteger(value) && Math.abs(value) <= MAX_ID,
  'an integer of 32 bits',
);

export const readInteger = readers.integer(Number.MIN_SAFE_INTEGER);

/** A real as the shortest decimal, to the double that it stands for. */
export const readReal: Reader<number> = (json, at) => Number(readers.real(json, at));

const manyReals = readers.list(readReal);

export const readReals: Reader<Float64Array> = (json, at) => Float64Array.from(manyReals(json, at));

export const nullable =
  <T>(read: Reader<T>): Reader<T | null> =>
  (json, at) =>
    json === null ? null : read(json, at);
