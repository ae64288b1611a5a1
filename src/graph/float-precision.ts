/** The number formats in which model files compute. */
export type FloatPrecision = 'float16' | 'bfloat16' | 'float32' | 'float64';

interface Format {
  /** Binary digits of the significand, the hidden one included. */
  readonly digits: number;
  /** The smallest number above 0, which is the spacing of the numbers around 0. */
  readonly smallest: number;
  readonly largest: number;
}

/** IEEE 754-2019, table 3.5; bfloat16 is the upper half of a float32. */
const FORMATS: { readonly [K in FloatPrecision]: Format } = {
  float16: { digits: 11, smallest: 2 ** -24, largest: 65504 },
  bfloat16: { digits: 8, smallest: 2 ** -133, largest: (2 - 2 ** -7) * 2 ** 127 },
  float32: { digits: 24, smallest: 2 ** -149, largest: (2 - 2 ** -23) * 2 ** 127 },
  float64: { digits: 53, smallest: 2 ** -1074, largest: Number.MAX_VALUE },
};

/** The nearest number of the format, ties to even; infinite beyond the largest. */
export function roundTo(precision: FloatPrecision, value: number): number {
  if (precision === 'float64' || !Number.isFinite(value) || value === 0) return value;
  const spacing = spacingAt(precision, value);
  const places = value / spacing;
  const down = Math.floor(places);
  const rest = places - down;
  const isUp = rest > 0.5 || (rest === 0.5 && down % 2 !== 0);
  const rounded = (isUp ? down + 1 : down) * spacing;
  return Math.abs(rounded) <= FORMATS[precision].largest ? rounded : Math.sign(value) * Infinity;
}

/**
 * The smallest real number that the format rounds to one of at least `bound`: half way below the smallest such number.
 * A score computed in that format is at least `bound` exactly where the real score is at least this.
 */
export function roundsToAtLeast(precision: FloatPrecision, bound: number): number {
  const spacing = spacingAt(precision, bound);
  const passing = Math.ceil(bound / spacing) * spacing;
  return (passing + numberBelow(precision, passing)) / 2;
}

function numberBelow(precision: FloatPrecision, value: number): number {
  const { smallest } = FORMATS[precision];
  const spacing = spacingAt(precision, value);
  // Numbers below a power of two are twice as close as those above it.
  const isPower = value > 0 && value / spacing === 2 ** (FORMATS[precision].digits - 1);
  return value - (isPower ? Math.max(spacing / 2, smallest) : spacing);
}

/** The distance between neighbouring numbers of the format around a value. */
function spacingAt(precision: FloatPrecision, value: number): number {
  const { digits, smallest } = FORMATS[precision];
  return Math.max(2 ** (exponentOf(value) - digits + 1), smallest);
}

/** floor(log2 |value|), exactly; −1023 for zero and subnormal numbers. */
function exponentOf(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return ((view.getUint16(0) >> 4) & 0x7ff) - 1023;
}

/** The bits of the nearest float16. */
export function halfBits(value: number): number {
  const rounded = roundTo('float16', value);
  const sign = rounded < 0 || Object.is(rounded, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(rounded);
  if (Number.isNaN(magnitude)) return 0x7e00;
  if (magnitude === Infinity) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | (magnitude * 2 ** 24);
  const exponent = exponentOf(magnitude);
  return sign | ((exponent + 15) << 10) | ((magnitude / 2 ** exponent - 1) * 1024);
}

/** The float16 with the given bits; the conversion is exact. */
export function halfFromBits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
