import type { Feature, RowValue } from '@quietproof/verify';
import { SHORT_DIGITS, withUnit } from './numbers.ts';
import { text } from './template.ts';
import { DATA } from './words.ts';

/** Enough for any double. */
const MOST_DIGITS = 17;

/** By name; else by the part, with a number where the part has several. */
export function featureNames(features: readonly Feature[]): string[] {
  const parts = new Map<string | undefined, number>();
  for (const { part } of features) parts.set(part, (parts.get(part) ?? 0) + 1);
  const seen = new Map<string | undefined, number>();
  return features.map(({ part, name }, index) => {
    const place = seen.get(part) ?? 0;
    seen.set(part, place + 1);
    if (part === undefined) return name ?? text(DATA.place, { index: index + 1 });
    const own = name ?? (parts.get(part) === 1 ? part : `${part}[${place}]`);
    return name !== undefined && parts.size > 1 ? `${part}: ${own}` : own;
  });
}

/** A missing number, a missing text, and the category that scikit-learn's encoders make of missing texts. */
const MISSING: ReadonlySet<string> = new Set(['NaN', '', 'nan']);

export function provedText({ value, unit, step }: Feature): string {
  switch (value.kind) {
    case 'number':
      return withUnit(provedNumber(value.number, step), unit);
    case 'text':
      return MISSING.has(value.text) ? DATA.missing : value.text;
    case 'unknown':
      return DATA.unknown;
  }
}

/** A step this small beside the number is that of a float32: all that the model tells apart is in its digits. */
const FLOAT32_STEP = 2 ** -22;
const SMALLEST_STEP = 2 ** -149;

/** Whether the text of a value says all of it: a text, a whole number, or a number as finely as a float32 has it. */
export function isToldInFull({ value, step, rounds }: Feature): boolean {
  if (value.kind !== 'number' || rounds === 'never') return true;
  if (step === undefined) return false;
  // Beside 0, the smallest float32 numbers are as near as nothing.
  return step <= Math.max(Math.abs(value.number) * FLOAT32_STEP, SMALLEST_STEP);
}

/** At most six digits, unless another value of the model is as near: 1234567 is not 1234570 where the step is 1. */
function provedNumber(number: number, step = Infinity): string {
  const isTold = (digits: number) => Math.abs(Number(number.toPrecision(digits)) - number) < step / 2;
  let digits = SHORT_DIGITS;
  while (digits < MOST_DIGITS && !isTold(digits)) digits += 1;
  return String(Number(number.toPrecision(digits)));
}

/** In full: what the reader wrote must be recognised. */
export function givenText(value: RowValue | undefined, unit: string | undefined): string {
  if (typeof value === 'number') return withUnit(String(value), unit);
  return value !== undefined && MISSING.has(value) ? DATA.missing : (value ?? '');
}

/** The distance of the given value from the proved one, in the feature's unit. */
export function distanceInUnit({ distance = 0, unit }: Feature): string {
  return withUnit(short(distance), unit);
}

/** A value stands for all that are at most half a step away. */
export function rangeText(step: number, unit: string | undefined): string {
  return text(DATA.range, { half: withUnit(short(step / 2), unit) });
}

function short(number: number): string {
  return String(Number(number.toPrecision(3)));
}
