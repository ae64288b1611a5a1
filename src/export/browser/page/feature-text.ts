import type { Feature, RowValue } from '@quietproof/verify';
import { shortNumber, withUnit } from './numbers.ts';
import { text } from './template.ts';
import { DATA } from './words.ts';

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

export function provedText({ value, unit }: Feature): string {
  switch (value.kind) {
    case 'number':
      return withUnit(shortNumber(value.number), unit);
    case 'text':
      return value.text;
    case 'unknown':
      return DATA.unknown;
  }
}

/** In full: what the reader wrote must be recognised. */
export function givenText(value: RowValue | undefined, unit: string | undefined): string {
  return typeof value === 'number' ? withUnit(String(value), unit) : (value ?? '');
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
