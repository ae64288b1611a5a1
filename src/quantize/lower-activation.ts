import { roundV2 as nearest } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { factsOf } from '../graph/activation-facts.ts';
import type { ActivationKind, ActivationOf } from '../graph/activations.ts';
import type { ActivationFunction } from '../graph/float-graph.ts';
import { EXACT_LIMIT } from '../integer/bounds.ts';
import type { IntegerActivation } from '../integer/integer-graph.ts';

/**
 * Slopes of leaky ReLU are rounded to k / 2^j. j is the smallest that is exact, or at which k ≥ 4 or j is LEAKY_BITS, and
 * the slope is off by at most four steps of the activation's bits.
 */
const LEAKY_BITS = 7;
const MOST_LEAKY_BITS = 16;

/** An integer activation and the scale of its outputs. */
interface LoweredActivation {
  readonly activation: IntegerActivation;
  readonly scale: number;
}

interface ActivationLowering<F extends Requantized> {
  /** Whether its outputs can be negative, so that one bit is the sign. */
  readonly isSigned: (fn: F) => boolean;
  /**
   * @param scale of its integer operands
   * @param bits of its outputs
   * @param refuse makes the error for parameters that have no integer form
   */
  readonly toIntegers: (fn: F, scale: number, bits: number, refuse: Refuse) => LoweredActivation;
}

type Refuse = (code: 'QP3002' | 'QP3009', fix?: string) => QuietproofError;

/** Those that a requantize node computes; `lower/table.ts` has the others. */
export type Requantized = Exclude<ActivationFunction, ActivationOf<'tabulated'>>;

type RequantizedKind = Exclude<ActivationKind, 'tabulated'>;

/** How each activation becomes an integer one. A kind added to the union is a type error here until it has an entry. */
const LOWERINGS: { readonly [K in RequantizedKind]: ActivationLowering<ActivationOf<K>> } = {
  relu: {
    isSigned: () => false,
    toIntegers: (_, scale) => ({ activation: { kind: 'clamp', low: 0, high: null }, scale }),
  },
  'leaky-relu': {
    isSigned: () => true,
    toIntegers: ({ alpha }, scale, bits, refuse) => {
      if (!(alpha >= 0 && alpha <= 1)) throw refuse('QP3002');
      return leakyActivation(alpha, scale, 2 ** (2 - bits));
    },
  },
  clip: {
    isSigned: ({ min }) => min < 0,
    toIntegers: ({ min, max }, scale, _, refuse) => {
      const toInteger = (real: number) => nearest(real / scale);
      // No value exceeds EXACT_LIMIT, so a bound at or beyond it has no effect.
      const low = Math.max(toInteger(min), -EXACT_LIMIT);
      const high = Math.min(toInteger(max), EXACT_LIMIT);
      if (!(low < high)) throw refuse('QP3009', 'Use more bits, or bounds further apart');
      const bounds = { low: low > -EXACT_LIMIT ? low : null, high: high < EXACT_LIMIT ? high : null };
      return { activation: { kind: 'clamp', ...bounds }, scale };
    },
  },
};

/** Whether the outputs of an activation can be negative, so that one bit is the sign. */
export function isSigned(fn: Requantized): boolean {
  return loweringOf(fn).isSigned(fn);
}

/**
 * The integer form of an activation.
 *
 * @param scale of its integer operands
 * @param bits of its outputs
 * @throws QuietproofError QP3002 (slope of a leaky ReLU), QP3009 (bounds of a clip)
 */
export function integerActivation(
  { name, fn }: { readonly name: string; readonly fn: Requantized },
  scale: number,
  bits: number,
): LoweredActivation {
  const where = `layer "${name}", ${factsOf(fn).name}`;
  return loweringOf(fn).toIntegers(fn, scale, bits, (code, fix) => {
    return new QuietproofError(code, fix === undefined ? { where } : { where, fix });
  });
}

function loweringOf(fn: Requantized): ActivationLowering<Requantized> {
  // Each entry of the table takes the parameters of its own kind; the compiler loses that link in the lookup.
  return LOWERINGS[fn.kind] as ActivationLowering<Requantized>;
}

/** @param tolerance by how much the slope may be off */
function leakyActivation(alpha: number, scale: number, tolerance: number): LoweredActivation {
  let denominatorBits = 0;
  const rounded = (bits: number) => nearest(alpha * 2 ** bits);
  const suffices = (bits: number) => {
    const error = Math.abs(rounded(bits) / 2 ** bits - alpha);
    return error === 0 || (error <= tolerance && (rounded(bits) >= 4 || bits >= LEAKY_BITS));
  };
  while (denominatorBits < MOST_LEAKY_BITS && !suffices(denominatorBits)) denominatorBits += 1;
  const numerator = rounded(denominatorBits);
  // The slope is 0, or rounds to 0 even at the finest step: a ReLU.
  if (numerator === 0) return { activation: { kind: 'clamp', low: 0, high: null }, scale };
  return { activation: { kind: 'leaky', numerator, denominatorBits }, scale: scale / 2 ** denominatorBits };
}
