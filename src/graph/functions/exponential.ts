import {
  add,
  type DoubleDouble,
  divide,
  exactly,
  multiply,
  ONE,
  scaleBy,
  subtract,
  toDouble,
} from './double-double.ts';

/** log 2, to 2^−108. */
const LN2: DoubleDouble = { hi: Math.LN2, lo: 2.3190468138462996e-17 };

/** The argument is divided by 2^9, so that nine terms of the series suffice. */
const HALVINGS = 9;
const TERMS = 9;
/** Beyond these, e^x is no finite double, or 0. */
const LARGEST = 709.782712893384;
const SMALLEST = -745.1332191019412;

const RECIPROCALS: readonly DoubleDouble[] = Array.from({ length: TERMS + 2 }, (_, n) =>
  n === 0 ? ONE : divide(ONE, exactly(n)),
);

/**
 * e^r − 1 for |r| ≤ 0.35, with a relative error below 2^−90.
 *
 * With t = r / 2^9, |t| < 2^−10.5: the series t + t²/2 + … of TERMS terms leaves out less than t^10 / 10!, which is below
 * 2^−116 · t. Then e^2t − 1 = (e^t − 1)(e^t + 1), nine times; each step has a relative error below 2^−101 and adds the one
 * before it, at most doubled: below 2^9 · 2^−101 · 2 in all.
 */
function smallExpm1(r: DoubleDouble): DoubleDouble {
  const t = scaleBy(r, -HALVINGS);
  // Horner: t·(1 + t/2·(1 + t/3·(…)))
  let sum = ONE;
  for (let n = TERMS; n > 1; n -= 1) sum = add(ONE, multiply(multiply(t, RECIPROCALS[n]!), sum));
  let result = multiply(t, sum);
  for (let k = 0; k < HALVINGS; k += 1) result = multiply(result, add(exactly(2), result));
  return result;
}

/** e^x = 2^power · (1 + rest), |rest| ≤ 0.42. */
function reduced(x: DoubleDouble): { readonly power: number; readonly rest: DoubleDouble } {
  const power = Math.floor(x.hi / LN2.hi + 0.5);
  return { power, rest: smallExpm1(subtract(x, multiply(exactly(power), LN2))) };
}

/** e^x for |x| < 700, with a relative error below 2^−88. */
export function expOf(x: DoubleDouble): DoubleDouble {
  const { power, rest } = reduced(x);
  return scaleBy(add(ONE, rest), power);
}

/** e^x − 1 for |x| < 700, with a relative error below 2^−86: 2^k − 1 and 2^k · rest do not cancel. */
export function expm1Of(x: DoubleDouble): DoubleDouble {
  const { power, rest } = reduced(x);
  return power === 0 ? rest : add(scaleBy(rest, power), subtract(scaleBy(ONE, power), ONE));
}

/** e^x, the nearest double unless e^x is within 2^−35 of an ulp of a tie; 0 and Infinity beyond the range of doubles. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > LARGEST) return Infinity;
  return x < SMALLEST ? 0 : toDouble(expOf(exactly(x)));
}

/** Terms of the series of the logarithm: 0.1716^(2·23 + 1) / 47 is below 2^−120. */
const LOG_TERMS = 23;
const ODD_RECIPROCALS: readonly DoubleDouble[] = Array.from({ length: LOG_TERMS + 1 }, (_, n) =>
  divide(ONE, exactly(2 * n + 1)),
);

/**
 * log x for x > 0, finite and normal, with an absolute error below 2^−95 · max(1, |log x|), and relative to log x near 1.
 *
 * x = m · 2^k with m in [√½, √2), and log m = 2·(s + s³/3 + s⁵/5 + …) with s = (m − 1)/(m + 1), |s| < 0.1716.
 */
export function logOf(x: DoubleDouble): DoubleDouble {
  let power = exponentOf(x.hi);
  let m = scaleBy(x, -power);
  if (m.hi > Math.SQRT2) {
    m = scaleBy(m, -1);
    power += 1;
  }
  const s = divide(subtract(m, ONE), add(m, ONE));
  const square = multiply(s, s);
  let sum = ODD_RECIPROCALS[LOG_TERMS]!;
  for (let n = LOG_TERMS - 1; n >= 0; n -= 1) sum = add(ODD_RECIPROCALS[n]!, multiply(square, sum));
  return add(multiply(exactly(power), LN2), scaleBy(multiply(s, sum), 1));
}

/** The k with 2^k ≤ x < 2^(k+1), from the bits of a positive double. */
function exponentOf(x: number): number {
  BITS.setFloat64(0, x);
  return ((BITS.getUint16(0) >> 4) & 0x7ff) - 1023;
}

const BITS = new DataView(new ArrayBuffer(8));

/** log x; −Infinity at 0, and NaN below it. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  if (x === Infinity) return x;
  // Subnormal numbers have no leading bit; 2^60 makes them normal.
  const [own, power] = x < 2 ** -1000 ? [x * 2 ** 60, 60] : [x, 0];
  return toDouble(subtract(logOf(exactly(own)), multiply(exactly(power), LN2)));
}

/** log(1 + e^x), without overflow. */
export function softplusOf(x: DoubleDouble): DoubleDouble {
  const isPositive = x.hi > 0;
  const small = isPositive ? { hi: -x.hi, lo: -x.lo } : x;
  if (small.hi < SMALLEST) return isPositive ? x : exactly(0);
  const tail = small.hi < -60 ? expOf(small) : logOf(add(ONE, expOf(small)));
  return isPositive ? add(x, tail) : tail;
}
