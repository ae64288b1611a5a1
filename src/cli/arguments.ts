import { InvalidArgumentError } from 'commander';

export interface RowRange {
  readonly first: number;
  /** Inclusive; Infinity for "to the end". */
  readonly last: number;
}

/** `3`, `0-9`, `5-`, `-9`: rows counted from 0, both ends included. */
export function parseRowRange(text: string): RowRange {
  const match = /^(\d{0,9})(-(\d{0,9}))?$/.exec(text);
  const [, from = '', dash, to = ''] = match ?? [];
  if (match === null || (from === '' && to === '')) {
    throw new InvalidArgumentError('Rows are written 3, 0-9, 5- or -9 and counted from 0.');
  }
  const first = from === '' ? 0 : Number(from);
  const last = dash === undefined ? first : to === '' ? Number.POSITIVE_INFINITY : Number(to);
  if (last < first) throw new InvalidArgumentError('The first row must not come after the last.');
  return { first, last };
}

export function parseWorkers(text: string): number {
  const count = Number(text);
  if (!/^\d{1,3}$/.test(text) || count < 1)
    throw new InvalidArgumentError('This must be a number from 1 to 999.');
  return count;
}

/** Bits of weights, inputs and activations; `auto` lets the compiler choose. */
export function parseBits(text: string): 'auto' | number {
  if (text === 'auto') return 'auto';
  const bits = Number(text);
  if (!/^\d$/.test(text) || bits < 2 || bits > 8)
    throw new InvalidArgumentError('This must be auto or 2 to 8.');
  return bits;
}

export function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('This must be a number.');
  return value;
}
