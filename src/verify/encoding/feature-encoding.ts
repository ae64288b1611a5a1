import { Refusal } from '../refusal.ts';

/** One feature of a row as a caller gives it. */
export type RowValue = number | string;

/** What a circuit sees of one feature, and how far that is from what was given: in steps, at most 0.5. */
export interface EncodedValue {
  readonly integer: number;
  readonly deviation: number;
}

/**
 * One feature in its own terms. Of what is no finite number and no category the text is `Infinity`, `-Infinity` or
 * `NaN`; `unknown` is any text the model has no category for.
 */
export type FeatureValue =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unknown' };

/** How one feature becomes an integer from 0 to `max`, and is read back. */
export interface FeatureEncoding {
  /** At most 2^53 − 1. */
  readonly max: number;
  /** @throws Refusal QP7605 where the value has no integer from 0 to `max` */
  readonly encode: (value: RowValue) => EncodedValue;
  /** @param integer 0 to `max` */
  readonly decode: (integer: number) => FeatureValue;
  /** Distance between neighbours at this integer, in the feature's unit; missing for what has none. */
  readonly step: (integer: number) => number | undefined;
  /** An entry of an opening's `input`. @throws Refusal QP7605 where it is none of this encoding's texts */
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

/** The shortest decimal that reads back to the same double. @throws Refusal QP7605 */
export function parseReal(text: string): number {
  const number = text.length <= 32 ? Number(text) : Number.NaN;
  if (!Number.isFinite(number) || String(number) !== text) cannotEncode(`${describe(text)} is not a real`);
  return number;
}

/** For messages: short, and quoted where it is a text. */
export function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value);
}
