import {
  cannotEncode,
  describe,
  type FeatureEncoding,
  parseReal,
  type RowValue,
} from './feature-encoding.ts';

/** Bits of +∞ as a float32: the number of finite magnitudes, zero included. */
const INFINITY_BITS = 0x7f80_0000;
const CODED_NAN = 2 * INFINITY_BITS + 1;
const SPECIAL_VALUES: ReadonlyMap<RowValue, number> = new Map([
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['NaN', Number.NaN],
]);

const view = new DataView(new ArrayBuffer(4));

/**
 * The rank of a float32 among all float32 numbers: 0 for −∞, 2139095040 for both zeros, 4278190080 for +∞, without
 * gaps (SPEC.md, section 17). A double is first rounded to the nearest float32, ties to even, so it moves by at most
 * half a step.
 */
export function rank32Encoding(nan: 'refused' | 'coded'): FeatureEncoding {
  return {
    max: nan === 'coded' ? CODED_NAN : CODED_NAN - 1,
    rounds: 'to-float32',
    encode(value) {
      const x = toDouble(value);
      if (Number.isNaN(x)) {
        return nan === 'coded'
          ? { integer: CODED_NAN, deviation: 0 }
          : cannotEncode('The model does not accept NaN');
      }
      const nearest = Math.fround(x);
      if (Number.isFinite(x) && !Number.isFinite(nearest))
        return cannotEncode(`${x} is beyond the range of float32`);
      const integer = rankOf(nearest);
      const deviation = Number.isFinite(x) ? Math.abs(x - nearest) / stepAt(integer) : 0;
      return { integer, deviation };
    },
    decode(integer) {
      const number = floatAt(integer);
      return Number.isFinite(number) ? { kind: 'number', number } : { kind: 'text', text: String(number) };
    },
    step: (integer) => (Number.isFinite(floatAt(integer)) ? stepAt(integer) : undefined),
    parse: (text) => (SPECIAL_VALUES.has(text) ? text : parseReal(text)),
  };
}

/** Numbers are finite: a JSON number beyond the doubles reads as an infinity, which it is not. */
function toDouble(value: RowValue): number {
  if (Number.isFinite(value)) return value as number;
  return SPECIAL_VALUES.get(value) ?? cannotEncode(`${describe(value)} is not a number`);
}

/** @param float not NaN */
function rankOf(float: number): number {
  view.setFloat32(0, Math.abs(float));
  const magnitude = view.getUint32(0);
  return float < 0 ? INFINITY_BITS - magnitude : INFINITY_BITS + magnitude;
}

function floatAt(rank: number): number {
  if (rank === CODED_NAN) return Number.NaN;
  view.setUint32(0, Math.abs(rank - INFINITY_BITS));
  const magnitude = view.getFloat32(0);
  return rank < INFINITY_BITS ? -magnitude : magnitude;
}

/** Distance between float32 numbers with this exponent; subnormals have the same as the smallest normal numbers. */
function stepAt(rank: number): number {
  const exponent = Math.abs(rank - INFINITY_BITS) >>> 23;
  return 2 ** (Math.max(exponent, 1) - 150);
}
