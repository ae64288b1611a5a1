import {
  add,
  type DoubleDouble,
  divide,
  exactly,
  multiply,
  negate,
  ONE,
  subtract,
  toDouble,
} from './double-double.ts';

/** π/2 as a sum of three doubles, to 2^−161. */
const HALF_PI = [1.5707963267948966, 6.123233995736766e-17, -1.4973849048591833e-33] as const;

/** Beyond this, the steps of a table are wider than a period, and the reduction below loses bits. */
export const LARGEST_ANGLE = 2 ** 20;

/** How many terms of the two series: the next is below 2^−100 of the sum, since |r| ≤ 0.79. */
const TERMS = 14;

/** Σ (−1)^n · r^(2n + odd) / (2n + odd)! */
function series(r: DoubleDouble, odd: 0 | 1): DoubleDouble {
  const square = negate(multiply(r, r));
  // Horner: 1 − r²/a·(1 − r²/b·(…))
  let sum = ONE;
  for (let n = TERMS; n > 0; n -= 1) {
    const factor = exactly((2 * n + odd) * (2 * n + odd - 1));
    sum = add(ONE, divide(multiply(square, sum), factor));
  }
  return odd === 1 ? multiply(r, sum) : sum;
}

/**
 * sin(x + turns · π/2) for |x| ≤ 2^20, with an error below 2^−78: the distance r of x to the nearest multiple k · π/2 is
 * found with an error below k · 2^−160 from the digits of π/2 and of |x| · 2^−100 from its subtractions, and the series
 * of r adds less than 2^−95.
 */
function sinOf(x: number, turns: number): number {
  const k = Math.floor(x / HALF_PI[0] + 0.5);
  const r = HALF_PI.reduce((rest, part) => subtract(rest, multiply(exactly(k), exactly(part))), exactly(x));
  const quarter = (((k + turns) % 4) + 4) % 4;
  const value = series(r, quarter % 2 === 0 ? 1 : 0);
  return toDouble(quarter < 2 ? value : negate(value));
}

export const sin = (x: number): number => sinOf(x, 0);

export const cos = (x: number): number => sinOf(x, 1);
