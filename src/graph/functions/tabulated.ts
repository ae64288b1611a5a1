import type { Interval } from './interval.ts';

/**
 * A function of one variable that is looked up in a table over the integers. `functions/tabulated-facts.ts` has the facts
 * of each.
 */
export type Tabulated =
  | { readonly name: PlainName }
  /** x ≥ 0 ? x : alpha · (e^x − 1) */
  | { readonly name: 'elu'; readonly alpha: number }
  /** x ≥ 0 ? gamma · x : gamma · alpha · (e^x − 1) */
  | { readonly name: 'selu'; readonly alpha: number; readonly gamma: number }
  /** x ≥ 0 ? x : alpha · (e^(x / alpha) − 1) */
  | { readonly name: 'celu'; readonly alpha: number }
  /** x · sigmoid(alpha · x); SiLU for alpha = 1. */
  | { readonly name: 'swish'; readonly alpha: number }
  /** x > alpha ? x : 0 */
  | { readonly name: 'thresholded-relu'; readonly alpha: number }
  /** x < −lambda ? x + bias : x > lambda ? x − bias : 0 */
  | { readonly name: 'shrink'; readonly lambda: number; readonly bias: number }
  /** x^exponent */
  | { readonly name: 'power'; readonly exponent: number };

type PlainName =
  | 'tanh'
  | 'sigmoid'
  | 'erf'
  | 'softsign'
  | 'softplus'
  | 'gelu'
  | 'gelu-tanh'
  | 'hard-swish'
  | 'mish'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'reciprocal'
  | 'abs'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'sign'
  | 'sin'
  | 'cos';

export type TabulatedName = Tabulated['name'];
export type TabulatedOf<N extends TabulatedName> = Extract<Tabulated, { readonly name: N }> & {
  readonly name: N;
};

/** How a function at −x follows from it at x. */
export type Symmetry =
  | 'none'
  /** f(−x) = f(x) */
  | 'even'
  /** f(x) − f(−x) = x: an even function plus x / 2 */
  | 'half-slope'
  /** f(x) + f(−x) = sum */
  | { readonly sum: number };

/** Properties of one function with fixed parameters. */
export interface TabulatedFacts {
  /** Readable name with the parameters, for messages. */
  readonly label: string;
  readonly isDefined: boolean;
  /** f(x), of + − × ÷ √ and comparisons: the nearest double or a few ulps off, the same on every machine. */
  readonly apply: (x: number) => number;
  readonly isMonotone: boolean;
  /** Contains every f(x). */
  readonly range: Interval;
  /** Where f(x) = x. */
  readonly identityOn?: Interval;
  /** Where f(x) is finite; all reals by default. Ends that it excludes are no inputs of a table. */
  readonly domain?: Interval;
  readonly symmetry: Symmetry;
  /**
   * Outside of this, f differs from its limits by less than 2^−(bits+1) of its range, or of its values on what was seen.
   *
   * @param seen the arguments on the calibration rows
   */
  readonly reach?: (bits: number, seen: Interval) => Interval;
  /** Bits that its table has beyond those of activations. */
  readonly moreBits?: number;
  /** How far an argument moves while the value changes by about itself, where that is far less than its range. */
  readonly span?: number;
  /** Whether values grow so fast that a table that reaches further up has coarser steps for all others. */
  readonly isSteepAbove?: true;
  /**
   * The steps of its values: of its range ('bounded'), half of those of its argument ('steps': slopes about 1), of its
   * largest value in the table ('free'), or whole numbers.
   */
  readonly outputs: 'bounded' | 'steps' | 'free' | 'whole';
}
