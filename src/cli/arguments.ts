import { InvalidArgumentError } from 'commander';
import { isWidth, NARROWEST_BITS, WIDEST_BITS } from '../quantize/bit-widths.ts';

export function parseWorkers(text: string): number {
  const count = Number(text);
  if (!/^\d{1,3}$/.test(text) || count < 1)
    throw new InvalidArgumentError('This must be a number from 1 to 999.');
  return count;
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65535)
    throw new InvalidArgumentError('This must be a number from 0 to 65535.');
  return port;
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A time like `90s`, `10m`, `12h` or `30d`, in seconds. */
export function parseDuration(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  if (count === undefined) throw new InvalidArgumentError('This must be a time like 90s, 10m, 12h or 30d.');
  return Number(count) * SECONDS[unit as keyof typeof SECONDS];
}

/** Bits of weights, inputs and activations; `auto` lets the compiler choose. */
export function parseBits(text: string): 'auto' | number {
  if (text === 'auto') return 'auto';
  const bits = Number(text);
  if (!/^\d{1,2}$/.test(text) || !isWidth(bits)) {
    throw new InvalidArgumentError(`This must be auto or ${NARROWEST_BITS} to ${WIDEST_BITS}.`);
  }
  return bits;
}

/** A percentage below 100 as a share, digit by digit: `0.5%` is `0.005`. Undefined for 0 and what is none. */
export function shareOfPercent(text: string): string | undefined {
  const [, whole, places = ''] = /^(\d{1,2})(?:\.(\d{1,10}))?%$/.exec(text) ?? [];
  const digits = whole === undefined ? '' : `${whole.padStart(2, '0')}${places}`.replace(/0+$/, '');
  return digits === '' ? undefined : `0.${digits}`;
}

/** The same, for an option. 100% is all. */
export function parseShareText(text: string): string {
  const share = text === '100%' ? '1' : shareOfPercent(text);
  if (share === undefined) throw new InvalidArgumentError('This must be a percentage above 0, e.g. 1%.');
  return share;
}

/** An index, from 0. */
export function parseFrom(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('This must be a number from 0.');
  return Number(text);
}

/** A word of an option that may be repeated. */
export function collect(given: string, before: readonly string[] = []): readonly string[] {
  return [...before, given];
}

/** Steps of the input's encoding. */
export function parseTolerance(text: string): number {
  const steps = text.trim() === '' ? Number.NaN : Number(text);
  if (!(steps >= 0 && steps <= 0.5)) throw new InvalidArgumentError('This must be a number from 0 to 0.5.');
  return steps;
}

export function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('This must be a number.');
  return value;
}

/** A share as a percentage, `0.5%`: a number alone could be read as a share or as a percentage. */
export function parseShare(text: string): number {
  const digits = /^(\d+(?:\.\d+)?) ?%$/.exec(text)?.[1];
  if (digits === undefined) throw new InvalidArgumentError('This must be a percentage, e.g. 0.5%.');
  return Number(`${digits}e-2`);
}

/** A place in a list, from 1. */
export function parsePlace(text: string): number {
  const place = Number(text);
  if (!/^\d{1,4}$/.test(text) || place < 1) throw new InvalidArgumentError('This must be a number from 1.');
  return place;
}

/** Binary logarithm of the iterations of a beacon, as snarkjs takes it. Whether verifiers repeat so many is for the setup. */
export function parseIterations(text: string): number {
  const exponent = Number(text);
  if (!/^\d{1,2}$/.test(text) || exponent > 63)
    throw new InvalidArgumentError('This must be a number from 10 to 20.');
  return exponent;
}
