import { cannotEncode, type FeatureEncoding, finiteNumber, parseReal } from './feature-encoding.ts';

/** integer = x − lo, for integers x only. */
export function integerEncoding({ lo, max }: { readonly lo: number; readonly max: number }): FeatureEncoding {
  return {
    max,
    rounds: 'never',
    encode(value) {
      const x = finiteNumber(value);
      if (!Number.isSafeInteger(x)) return cannotEncode(`${x} is not an integer`);
      const integer = x - lo;
      if (integer < 0 || integer > max) {
        return cannotEncode(`${x} is outside ${lo} to ${lo + max}, the range this model was made for`);
      }
      return { integer: integer + 0, deviation: 0 };
    },
    decode: (integer) => ({ kind: 'number', number: integer + lo }),
    step: () => 1,
    parse: parseReal,
  };
}
