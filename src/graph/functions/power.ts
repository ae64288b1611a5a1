import { type DoubleDouble, divide, exactly, multiply, ONE, toDouble } from './double-double.ts';
import { expOf, logOf } from './exponential.ts';

/** Whole exponents up to this are products; their relative error grows with each. */
const LARGEST_PRODUCT = 64;

/**
 * x^y: by squaring for whole y up to 64, √x for y = ½, else e^(y · log x) for x > 0. NaN where there is no real number.
 */
export function power(x: number, y: number): number {
  if (y === 0.5) return Math.sqrt(x);
  if (Number.isInteger(y) && Math.abs(y) <= LARGEST_PRODUCT) {
    const product = toDouble(products(exactly(x), Math.abs(y)));
    return y < 0 ? (Number.isFinite(product) ? toDouble(divide(ONE, products(exactly(x), -y))) : 0) : product;
  }
  if (x === 0) return y > 0 ? 0 : Infinity;
  if (x < 0) return Number.isInteger(y) ? (y % 2 === 0 ? 1 : -1) * power(-x, y) : Number.NaN;
  const logarithm = multiply(exactly(y), logOf(exactly(x)));
  if (Math.abs(logarithm.hi) > 700) return logarithm.hi > 0 ? Infinity : 0;
  return toDouble(expOf(logarithm));
}

function products(x: DoubleDouble, count: number): DoubleDouble {
  let result = ONE;
  for (let bit = 64; bit >= 1; bit /= 2) {
    result = multiply(result, result);
    if (Math.floor(count / bit) % 2 === 1) result = multiply(result, x);
  }
  return result;
}
