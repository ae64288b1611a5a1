/**
 * Numbers as an unevaluated sum of two doubles, hi + lo with |lo| ≤ ulp(hi)/2: about 106 bits. Only + − × ÷ and √ of
 * doubles are used, which IEEE 754 rounds correctly, so every machine gets the same bits; no fused multiply-add, whose
 * use is the machine's choice.
 *
 * Sources: Dekker, "A floating-point technique for extending the available precision" (1971); Joldes, Muller and Popescu,
 * "Tight and rigorous error bounds for basic building blocks of double-word arithmetic" (2017). Relative errors are below
 * 2^−102 for sums of one sign, products and quotients.
 */
export interface DoubleDouble {
  readonly hi: number;
  readonly lo: number;
}

export const ONE: DoubleDouble = { hi: 1, lo: 0 };

export function exactly(value: number): DoubleDouble {
  return { hi: value, lo: 0 };
}

/** a + b where |a| ≥ |b|, exactly. */
function quickSum(a: number, b: number): DoubleDouble {
  const hi = a + b;
  return { hi, lo: b - (hi - a) };
}

/** a + b, exactly. */
function sumOf(a: number, b: number): DoubleDouble {
  const hi = a + b;
  const own = hi - a;
  return { hi, lo: a - (hi - own) + (b - own) };
}

/** 2^27 + 1: splits a double into two halves of 26 bits. */
const SPLITTER = 134217729;

/** a · b, exactly. */
function productOf(a: number, b: number): DoubleDouble {
  const hi = a * b;
  const bigA = SPLITTER * a;
  const bigB = SPLITTER * b;
  const aHigh = bigA - (bigA - a);
  const bHigh = bigB - (bigB - b);
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return { hi, lo: aHigh * bHigh - hi + aHigh * bLow + aLow * bHigh + aLow * bLow };
}

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const high = sumOf(a.hi, b.hi);
  const low = sumOf(a.lo, b.lo);
  const sum = quickSum(high.hi, high.lo + low.hi);
  return quickSum(sum.hi, sum.lo + low.lo);
}

export function negate({ hi, lo }: DoubleDouble): DoubleDouble {
  return { hi: -hi, lo: -lo };
}

export function subtract(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  return add(a, negate(b));
}

export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const product = productOf(a.hi, b.hi);
  return quickSum(product.hi, product.lo + (a.hi * b.lo + a.lo * b.hi));
}

export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a.hi / b.hi;
  const rest = subtract(a, multiply(exactly(first), b));
  const second = rest.hi / b.hi;
  const last = subtract(rest, multiply(exactly(second), b));
  const sum = quickSum(first, second);
  return quickSum(sum.hi, sum.lo + last.hi / b.hi);
}

/** a · 2^k, exactly unless it leaves the range of normal doubles. */
export function scaleBy({ hi, lo }: DoubleDouble, power: number): DoubleDouble {
  // Two steps: 2^1024 and 2^−1075 are no doubles.
  const half = Math.trunc(power / 2);
  const [a, b] = [2 ** half, 2 ** (power - half)];
  return { hi: hi * a * b, lo: lo * a * b };
}

/** The nearest double. */
export function toDouble({ hi, lo }: DoubleDouble): number {
  return hi + lo;
}
