import { cannotEncode, describe, type FeatureEncoding } from './feature-encoding.ts';

/**
 * integer = index in `values`. When `unknown` is 'coded', any other text gets the integer after the last index.
 *
 * @param parts `values` must be distinct
 */
export function categoryEncoding(parts: {
  readonly values: readonly string[];
  readonly unknown: 'refused' | 'coded';
}): FeatureEncoding {
  const { values, unknown } = parts;
  // A lookup table, because a model may have many values and a row many features.
  const places = new Map(values.map((value, index) => [value, index]));
  return {
    max: unknown === 'coded' ? values.length : values.length - 1,
    rounds: 'never',
    encode(value) {
      if (typeof value !== 'string') return cannotEncode(`${describe(value)} is not a category`);
      const integer = places.get(value) ?? (unknown === 'coded' ? values.length : undefined);
      if (integer === undefined) return cannotEncode(`The model has no category ${describe(value)}`);
      return { integer, deviation: 0 };
    },
    decode: (integer) =>
      integer < values.length ? { kind: 'text', text: values[integer] as string } : { kind: 'unknown' },
    step: () => undefined,
    parse: (text) => text,
  };
}
