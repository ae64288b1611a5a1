import { cannotEncode, type FeatureEncoding, finiteNumber, parseReal } from './feature-encoding.ts';

/** The integer nearest to v. */
export type Rounding = (v: number) => number;

/** floor(v + ½) (SPEC.md, section 5). Takes 0.49999999999999994 to 1, because the sum is rounded. */
export const roundV1: Rounding = (v) => Math.floor(v + 0.5);

/** Halves go up, and no value moves by more than a half (SPEC.md, section 17). */
export const roundV2: Rounding = (v) => {
  const below = Math.floor(v);
  return v - below >= 0.5 ? below + 1 : below;
};

interface AffineParts {
  readonly offset: number;
  readonly step: number;
  readonly max: number;
}

/** real = offset + step · integer, in doubles. */
export function affineEncoding(parts: AffineParts, round: Rounding): FeatureEncoding {
  const { offset, step, max } = parts;
  return {
    max,
    rounds: 'to-steps',
    encode(value) {
      const x = finiteNumber(value);
      const v = (x - offset) / step;
      const integer = round(v);
      if (!(integer >= 0 && integer <= max)) {
        const range = `${offset} to ${offset + step * max}`;
        return cannotEncode(`${x} is outside ${range}, the range this model was made for`);
      }
      // + 0 turns −0 into 0.
      return { integer: integer + 0, deviation: Math.abs(v - integer) };
    },
    decode: (integer) => ({ kind: 'number', number: offset + step * integer }),
    step: () => step,
    parse: parseReal,
  };
}

const MISSING = 'NaN';

/** The same, but its last integer stands for a missing value, NaN (SPEC.md, section 17). */
export function gappedEncoding({ offset, step, max }: AffineParts, round: Rounding): FeatureEncoding {
  const numbers = affineEncoding({ offset, step, max: max - 1 }, round);
  return {
    ...numbers,
    max,
    encode: (value) => (value === MISSING ? { integer: max, deviation: 0 } : numbers.encode(value)),
    decode: (integer) => (integer === max ? { kind: 'text', text: MISSING } : numbers.decode(integer)),
    step: (integer) => (integer === max ? undefined : numbers.step(integer)),
    parse: (text) => (text === MISSING ? text : numbers.parse(text)),
  };
}
