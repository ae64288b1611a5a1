import { type Reader, refuse } from '../json/read-json.ts';

/** A share of all answers, exactly: `0`, `1`, or a decimal between them that ends in no zero, e.g. `0.01`. */
export type Share = string;

const FORM = /^(?:0|1|0\.[0-9]{0,17}[1-9])$/;

/** A share as a fraction: its denominator is a power of ten. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export function isShare(text: string): boolean {
  return FORM.test(text);
}

export const share: Reader<Share> = (json, at) =>
  typeof json === 'string' && isShare(json)
    ? json
    : refuse(at, 'must be a share: 0, 1, or a decimal between them of at most 18 places, like 0.01');

/** @throws RangeError for a text that is no share */
export function shareFraction(text: Share): Fraction {
  if (!isShare(text)) throw new RangeError(`${text} is no share like 0.01`);
  const [whole = '0', places = ''] = text.split('.');
  return { numerator: BigInt(whole + places), denominator: 10n ** BigInt(places.length) };
}
