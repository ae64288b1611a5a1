/** Elementary functions in fixed point with 260 bits after the point: slow, plain series, errors below 2^−230. */
const BITS = 260n;
const UNIT = 1n << BITS;

export type Fixed = bigint;

/** Exactly: a double is an integer times a power of two, and none here is finer than 2^−260. */
export function fixed(x: number): Fixed {
  let [whole, power] = [x, 0];
  while (!Number.isInteger(whole)) [whole, power] = [whole * 2, power + 1];
  return (BigInt(whole) << BITS) >> BigInt(power);
}

export const times = (a: Fixed, b: Fixed): Fixed => (a * b) >> BITS;
export const over = (a: Fixed, b: Fixed): Fixed => (a << BITS) / b;

/** Whether a double is the one nearest to a fixed-point number, or within 2^−200 of a tie. */
export function isNearest(x: number, exact: Fixed): boolean {
  const distance = (y: number) => {
    const d = fixed(y) - exact;
    return d < 0n ? -d : d;
  };
  const own = distance(x);
  const step = Math.max(Math.abs(x) * 2 ** -53, 2 ** -250);
  return [x + step, x - step, x + 2 * step, x - 2 * step].every((y) => own <= distance(y) + (1n << 30n));
}

export function exp(x: Fixed): Fixed {
  // e^x = (e^(x / 2^k))^(2^k): 64 halvings at most double the error each.
  const halvings = 40n;
  const small = x >> halvings;
  let [term, sum] = [UNIT, UNIT];
  for (let n = 1n; term !== 0n; n += 1n) {
    term = times(term, small) / n;
    sum += term;
    if (n > 60n) break;
  }
  for (let k = 0n; k < halvings; k += 1n) sum = times(sum, sum);
  return sum;
}

/** By Newton's method on exp, from the double logarithm. */
export function log(x: Fixed, start: number): Fixed {
  let y = fixed(start);
  for (let k = 0; k < 4; k += 1) {
    const e = exp(y);
    y += 2n * over(x - e, x + e);
  }
  return y;
}

/** By the alternating series, whose largest term is below 2^60 for |x| < 6. */
export function erf(x: Fixed): Fixed {
  const square = times(x, x);
  let [power, sum] = [x, x];
  for (let n = 1n; n < 400n; n += 1n) {
    power = -times(power, square) / n;
    sum += power / (2n * n + 1n);
  }
  return times(times(2n * UNIT, sum), over(UNIT, root(pi())));
}

function root(x: Fixed): Fixed {
  let y = UNIT * 2n;
  for (let k = 0; k < 200; k += 1) y = (y + over(x, y)) / 2n;
  return y;
}

/** Machin: 16·arctan(1/5) − 4·arctan(1/239). */
function pi(): Fixed {
  const arctan = (n: bigint) => {
    let [power, sum] = [UNIT / n, UNIT / n];
    for (let k = 1n; power !== 0n; k += 1n) {
      power = -power / (n * n);
      sum += power / (2n * k + 1n);
    }
    return sum;
  };
  return 16n * arctan(5n) - 4n * arctan(239n);
}

export const ONE_FIXED = UNIT;

/** By the series, of x less whole turns. */
export function sin(x: Fixed): Fixed {
  const turn = 2n * pi();
  const rest = x % turn;
  const square = times(rest, rest);
  let [term, sum] = [rest, rest];
  for (let n = 1n; n < 80n; n += 1n) {
    term = -times(term, square) / (2n * n * (2n * n + 1n));
    sum += term;
  }
  return sum;
}

export function cos(x: Fixed): Fixed {
  return sin(x + pi() / 2n);
}
