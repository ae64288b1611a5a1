import {
  add,
  type DoubleDouble,
  divide,
  exactly,
  multiply,
  negate,
  ONE,
  scaleBy,
  toDouble,
} from './double-double.ts';
import { expm1Of, expOf } from './exponential.ts';

/** 2/√π */
const FACTOR: DoubleDouble = { hi: 1.1283791670955126, lo: 1.533545961316588e-17 };

/** From here on, 1 − erf(x) is below 2.2e−17, a quarter of the distance from 1 to the double below it. */
const ERF_END = 6;

/**
 * erf(x), with a relative error below 2^−85 for |x| < 6, and ±1 beyond, which is off by at most 2^−55.
 *
 * erf(x) = 2/√π · x · e^(−x²) · Σ_n (2x²)^n / (1·3·5 ⋯ (2n+1)), whose terms are all positive, so nothing cancels
 * (Abramowitz and Stegun, 7.1.6). The sum ends when a term is below 2^−110 of it and n > 2x², so that each further term is
 * at most half of the one before.
 */
export function erfOf(x: DoubleDouble): DoubleDouble {
  if (x.hi < 0) return negate(erfOf(negate(x)));
  if (x.hi >= ERF_END) return ONE;
  const square = multiply(x, x);
  const twice = scaleBy(square, 1);
  let term = ONE;
  let sum = ONE;
  for (let n = 1; n <= 2 * twice.hi || term.hi > sum.hi * 2 ** -110; n += 1) {
    term = divide(multiply(term, twice), exactly(2 * n + 1));
    sum = add(sum, term);
  }
  return multiply(multiply(FACTOR, x), multiply(expOf(negate(square)), sum));
}

export function erf(x: number): number {
  return toDouble(erfOf(exactly(x)));
}

/** Beyond ±20, tanh and sigmoid(2x) − ½ are at their limits to 2^−56. */
const TANH_END = 20;

/** tanh(x) = (e^2x − 1) / (e^2x + 1), with a relative error below 2^−84 for |x| < 20. */
export function tanhOf(x: DoubleDouble): DoubleDouble {
  if (Math.abs(x.hi) >= TANH_END) return exactly(x.hi < 0 ? -1 : 1);
  const e = expm1Of(scaleBy(x, 1));
  return divide(e, add(e, exactly(2)));
}

export function tanh(x: number): number {
  return toDouble(tanhOf(exactly(x)));
}

/** 1 / (1 + e^−x), with a relative error below 2^−86 for x > −700, and 0 below. */
export function sigmoidOf(x: DoubleDouble): DoubleDouble {
  if (x.hi >= 2 * TANH_END) return ONE;
  if (x.hi < -700) return exactly(0);
  return divide(ONE, add(ONE, expOf(negate(x))));
}

export function sigmoid(x: number): number {
  return toDouble(sigmoidOf(exactly(x)));
}
