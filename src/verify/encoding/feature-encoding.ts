import { Refusal } from '../refusal.ts';

/** One feature of a row, as the caller passes it. */
export type RowValue = number | string;

/** The integer that the circuit sees, and its distance from the given value in steps, at most 0.5. */
export interface EncodedValue {
  readonly integer: number;
  readonly deviation: number;
}

/**
 * A decoded feature. `text` is a category, or `Infinity`, `-Infinity` or `NaN`; `unknown` stands for any text that is
 * not a category of the model.
 */
export type FeatureValue =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unknown' };

/** Converts one feature to an integer from 0 to `max`, and back. */
export interface FeatureEncoding {
  /** At most 2^53 − 1. */
  readonly max: number;
  /** What a given number is rounded to: steps that the model chose, or float32; `never` where others are refused. */
  readonly rounds: 'to-steps' | 'to-float32' | 'never';
  /** @throws Refusal QP7605 when no integer from 0 to `max` represents the value */
  readonly encode: (value: RowValue) => EncodedValue;
  /** @param integer 0 to `max` */
  readonly decode: (integer: number) => FeatureValue;
  /** Distance between neighbouring values at this integer, in the feature's unit; undefined where there is none. */
  readonly step: (integer: number) => number | undefined;
  /** Reads one entry of an opening's `input`. @throws Refusal QP7605 for a text of the wrong form */
  readonly parse: (text: string) => RowValue;
}

/** @throws Refusal QP7605 */
export function cannotEncode(what: string): never {
  throw new Refusal('QP7605', { what });
}

/** @throws Refusal QP7605 for a text, NaN and infinities */
export function finiteNumber(value: RowValue): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    cannotEncode(`${describe(value)} is not a number`);
  return value as number;
}

/** Accepts only the shortest decimal that reads back to the same double. @throws Refusal QP7605 */
export function parseReal(text: string): number {
  const number = text.length <= 32 ? Number(text) : Number.NaN;
  if (!Number.isFinite(number) || String(number) !== text)
    cannotEncode(`${describe(text)} is not the shortest form of a finite real`);
  return number;
}

/** For messages: shortened, and quoted if it is a text. */
export function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value);
}
