import { add, type DoubleDouble, exactly, multiply, ONE, scaleBy, toDouble } from './double-double.ts';
import { erf, erfOf, sigmoid, sigmoidOf, tanh, tanhOf } from './error-function.ts';
import { exp, expm1Of, log, softplusOf } from './exponential.ts';
import type { Interval } from './interval.ts';
import { power } from './power.ts';
import type { Tabulated, TabulatedFacts, TabulatedName, TabulatedOf } from './tabulated.ts';
import { cos, LARGEST_ANGLE, sin } from './trigonometric.ts';

const REALS: Interval = { min: -Infinity, max: Infinity };
const NON_NEGATIVE: Interval = { min: 0, max: Infinity };
const UNIT: Interval = { min: -1, max: 1 };

/** log 2 rounded up: e^(−BIT · n) < 2^−n. */
const BIT = 0.7;
/** Sums that are 0 but for the rounding of doubles are nearer to 0 than this. */
const DOUBLE_NOISE = 2 ** -40;
/** √½ and √(2/π) */
const ROOT_HALF: DoubleDouble = { hi: Math.SQRT1_2, lo: -4.833646656726457e-17 };
const ROOT_2_OVER_PI: DoubleDouble = { hi: 0.7978845608028654, lo: -4.98465440455546e-17 };

/** x times a factor between 0 and 1 that is 0 or 1 to all bits beyond ±1000. */
const gated = (x: number, factor: (x: DoubleDouble) => DoubleDouble): number => {
  if (Math.abs(x) > 1000) return x < 0 ? 0 : x;
  return toDouble(multiply(exactly(x), factor(exactly(x))));
};

/** e^x − 1; −1 to all bits below −700. */
const expm1 = (x: number): number => (x < -700 ? -1 : toDouble(expm1Of(exactly(x))));

const halfPlus = (x: DoubleDouble): DoubleDouble => scaleBy(add(ONE, x), -1);

/** (1 + erf(x / √2)) / 2 */
const normal = (x: DoubleDouble): DoubleDouble => halfPlus(erfOf(multiply(x, ROOT_HALF)));

/** (1 + tanh(√(2/π) · (x + 0.044715 x³))) / 2 */
const nearlyNormal = (x: DoubleDouble): DoubleDouble => {
  const cube = multiply(multiply(x, x), multiply(x, exactly(0.044715)));
  return halfPlus(tanhOf(multiply(ROOT_2_OVER_PI, add(x, cube))));
};

/** The nearest whole number; of two the even one, as ONNX rounds. */
const roundToEven = (x: number): number => {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
};

/** Lower limits of gates, from which the product with x is below 2^−(bits+1). */
const gateReach = (bits: number): Interval => ({ min: -BIT * (bits + 4), max: Infinity });

const whole = (label: string, apply: (x: number) => number): TabulatedFacts => ({
  ...{ label, isDefined: true, apply, isMonotone: true, range: REALS, symmetry: 'none', outputs: 'whole' },
});

/** Without limits: a table must hold all of its waves that the rows reach. */
const wave = (
  label: string,
  apply: (x: number) => number,
  symmetry: TabulatedFacts['symmetry'],
): TabulatedFacts => ({
  ...{ label, isDefined: true, apply, isMonotone: false, range: UNIT, symmetry, outputs: 'bounded' },
  domain: { min: -LARGEST_ANGLE, max: LARGEST_ANGLE },
});

/**
 * A row has one reciprocal root, by which it multiplies many values: it has four bits more than they. Values near 0, which
 * no row had, would take the steps of all others.
 */
const RECIPROCAL_ROOT: Pick<TabulatedFacts, 'reach' | 'moreBits'> = {
  reach: (_, { min }) => ({ min: min / 2, max: Infinity }),
  moreBits: 4,
};

/** The facts of every function. A name added to the union is a type error here until its facts are written. */
const FACTS: { readonly [N in TabulatedName]: (fn: TabulatedOf<N>) => TabulatedFacts } = {
  tanh: () => ({
    ...{ label: 'Tanh', isDefined: true, apply: tanh, isMonotone: true, range: UNIT },
    ...{ symmetry: { sum: 0 }, outputs: 'bounded' },
    reach: (bits) => ({ min: (-BIT * (bits + 2)) / 2, max: (BIT * (bits + 2)) / 2 }),
  }),
  sigmoid: () => ({
    ...{ label: 'Sigmoid', isDefined: true, apply: sigmoid, isMonotone: true, range: { min: 0, max: 1 } },
    ...{ symmetry: { sum: 1 }, outputs: 'bounded' },
    reach: (bits) => ({ min: -BIT * (bits + 1), max: BIT * (bits + 1) }),
  }),
  erf: () => ({
    ...{ label: 'Erf', isDefined: true, apply: erf, isMonotone: true, range: UNIT },
    ...{ symmetry: { sum: 0 }, outputs: 'bounded' },
    // 1 − erf(x) < e^(−x²)
    reach: (bits) => ({ min: -Math.sqrt(BIT * (bits + 1)), max: Math.sqrt(BIT * (bits + 1)) }),
  }),
  softsign: () => ({
    ...{ label: 'Softsign', isDefined: true, isMonotone: true, range: UNIT },
    apply: (x) => x / (1 + Math.abs(x)),
    ...{ symmetry: { sum: 0 }, outputs: 'bounded' },
  }),
  softplus: () => ({
    ...{ label: 'Softplus', isDefined: true, isMonotone: true, range: NON_NEGATIVE },
    apply: (x) => toDouble(softplusOf(exactly(x))),
    ...{ symmetry: 'half-slope', outputs: 'steps', reach: gateReach },
  }),
  gelu: () => ({
    ...{ label: 'GELU', isDefined: true, isMonotone: false, range: { min: -0.17, max: Infinity } },
    apply: (x) => gated(x, normal),
    ...{ symmetry: 'half-slope', outputs: 'steps', reach: gateReach },
  }),
  'gelu-tanh': () => ({
    ...{ label: 'GELU by tanh', isDefined: true, isMonotone: false, range: { min: -0.1701, max: Infinity } },
    apply: (x) => gated(x, nearlyNormal),
    ...{ symmetry: 'half-slope', outputs: 'steps', reach: gateReach },
  }),
  swish: ({ alpha }) => ({
    ...{ label: alpha === 1 ? 'SiLU' : `Swish with ${alpha}`, isDefined: alpha > 0 && alpha < Infinity },
    apply: (x) => (alpha * x < -700 ? 0 : x * toDouble(sigmoidOf(multiply(exactly(alpha), exactly(x))))),
    ...{ isMonotone: false, range: { min: -0.2785 / alpha, max: Infinity } },
    ...{ symmetry: 'half-slope', outputs: 'steps' },
    reach: (bits) => ({ min: (-BIT * (bits + 4)) / alpha, max: Infinity }),
  }),
  'hard-swish': () => ({
    ...{ label: 'HardSwish', isDefined: true, isMonotone: false, range: { min: -0.375, max: Infinity } },
    apply: (x) => (x <= -3 ? 0 : x >= 3 ? x : (x * (x + 3)) / 6),
    ...{ symmetry: 'half-slope', outputs: 'steps', reach: () => ({ min: -3, max: Infinity }) },
  }),
  mish: () => ({
    ...{ label: 'Mish', isDefined: true, isMonotone: false, range: { min: -0.3089, max: Infinity } },
    apply: (x) => gated(x, (own) => tanhOf(softplusOf(own))),
    ...{ symmetry: 'none', outputs: 'steps', reach: gateReach },
  }),
  elu: ({ alpha }) => ({
    ...{ label: `ELU with ${alpha}`, isDefined: alpha >= 0 && alpha < Infinity },
    apply: (x) => (x >= 0 ? x : alpha * expm1(x)),
    ...{ isMonotone: true, range: { min: -alpha, max: Infinity }, identityOn: NON_NEGATIVE },
    ...{ symmetry: 'none', outputs: 'steps', reach: gateReach },
  }),
  selu: ({ alpha, gamma }) => ({
    ...{
      label: `SELU with ${alpha} and ${gamma}`,
      isDefined: alpha >= 0 && gamma > 0 && alpha * gamma < 100,
    },
    apply: (x) => (x >= 0 ? gamma * x : gamma * alpha * expm1(x)),
    ...{ isMonotone: true, range: { min: -alpha * gamma, max: Infinity } },
    ...{ symmetry: 'none', outputs: 'steps', reach: gateReach },
  }),
  celu: ({ alpha }) => ({
    ...{ label: `CELU with ${alpha}`, isDefined: alpha > 0 && alpha < Infinity },
    apply: (x) => (x >= 0 ? x : alpha * expm1(x / alpha)),
    ...{ isMonotone: true, range: { min: -alpha, max: Infinity }, identityOn: NON_NEGATIVE },
    ...{ symmetry: 'none', outputs: 'steps' },
    reach: (bits) => ({ min: -BIT * (bits + 4) * alpha, max: Infinity }),
  }),
  'thresholded-relu': ({ alpha }) => ({
    ...{ label: `ThresholdedRelu from ${alpha}`, isDefined: Number.isFinite(alpha) },
    apply: (x) => (x > alpha ? x : 0),
    ...{ isMonotone: alpha >= 0, range: { min: Math.min(alpha, 0), max: Infinity } },
    ...{ symmetry: 'none', outputs: 'steps' },
  }),
  shrink: ({ lambda, bias }) => ({
    ...{
      label: `Shrink with ${lambda} and ${bias}`,
      isDefined: lambda >= 0 && Number.isFinite(lambda + bias),
    },
    apply: (x) => (x < -lambda ? x + bias : x > lambda ? x - bias : 0),
    ...{ isMonotone: bias <= lambda, range: REALS, symmetry: { sum: 0 }, outputs: 'steps' },
  }),
  exp: () => ({
    ...{ label: 'Exp', isDefined: true, apply: exp, isMonotone: true, range: NON_NEGATIVE },
    ...{
      domain: { min: -Infinity, max: 700 },
      symmetry: 'none',
      outputs: 'free',
      isSteepAbove: true,
      span: 1,
    },
    // Steps are shares of the largest entry, so a margin of one doubling costs one bit of all others. Differences from a
    // maximum (in a softmax) and negative distances (in a kernel) are never above 0 but for the rounding of doubles, and
    // need none.
    reach: (bits, { max }) => ({
      min: max - BIT * (bits + 2),
      max: Math.abs(max) < DOUBLE_NOISE ? 0 : max + BIT,
    }),
  }),
  log: () => ({
    ...{ label: 'Log', isDefined: true, apply: log, isMonotone: true, range: REALS },
    ...{ domain: NON_NEGATIVE, symmetry: 'none', outputs: 'free' },
  }),
  sqrt: () => ({
    ...{ label: 'Sqrt', isDefined: true, apply: Math.sqrt, isMonotone: true, range: NON_NEGATIVE },
    ...{ domain: NON_NEGATIVE, symmetry: 'none', outputs: 'free' },
  }),
  reciprocal: () => ({
    ...{ label: 'Reciprocal', isDefined: true, apply: (x) => 1 / x, isMonotone: false, range: REALS },
    ...{ symmetry: 'none', outputs: 'free' },
  }),
  power: ({ exponent }) => ({
    ...{ label: `Pow with ${exponent}`, isDefined: Number.isFinite(exponent) && exponent !== 0 },
    apply: (x) => power(x, exponent),
    isMonotone: exponent > 0 && (!Number.isInteger(exponent) || exponent % 2 !== 0),
    range: Number.isInteger(exponent) && exponent % 2 !== 0 ? REALS : NON_NEGATIVE,
    ...(Number.isInteger(exponent) ? {} : { domain: NON_NEGATIVE }),
    symmetry: Number.isInteger(exponent) && exponent % 2 === 0 ? 'even' : 'none',
    outputs: 'free',
    ...(exponent === -0.5 ? RECIPROCAL_ROOT : {}),
  }),
  abs: () => ({
    ...{ label: 'Abs', isDefined: true, apply: Math.abs, isMonotone: false, range: NON_NEGATIVE },
    ...{ identityOn: NON_NEGATIVE, symmetry: 'even', outputs: 'steps' },
  }),
  floor: () => whole('Floor', Math.floor),
  ceil: () => whole('Ceil', Math.ceil),
  round: () => whole('Round', roundToEven),
  sin: () => wave('Sin', sin, { sum: 0 }),
  cos: () => wave('Cos', cos, 'even'),
  sign: () => ({ ...whole('Sign', (x) => (x > 0 ? 1 : x < 0 ? -1 : 0)), range: UNIT }),
};

/** The facts of a function with its parameters. */
export function tabulatedFacts(fn: Tabulated): TabulatedFacts {
  // Each entry of the table takes the parameters of its own name; the compiler loses that link in the lookup.
  return (FACTS[fn.name] as unknown as (fn: Tabulated) => TabulatedFacts)(fn);
}
