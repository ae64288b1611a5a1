import { QuietproofError } from '../errors/quietproof-error.ts';
import { factsOf } from '../graph/activation-facts.ts';
import type { ActivationKind, ActivationOf } from '../graph/activations.ts';
import type { ActivationFunction, ActivationNode } from '../graph/float-graph.ts';
import { EXACT_LIMIT } from '../integer/bounds.ts';
import type { IntegerActivation } from '../integer/integer-graph.ts';

/** Slopes of leaky ReLU are rounded to k / 2^j with j up to this; k keeps at least 3 significant bits where it can. */
const LEAKY_BITS = 7;

/** An activation over integers, and the scale of what it gives. */
interface LoweredActivation {
  readonly activation: IntegerActivation;
  readonly scale: number;
}

interface ActivationLowering<F extends ActivationFunction> {
  /** Whether the integers it gives spend a bit on their sign. */
  readonly isSigned: (fn: F) => boolean;
  /**
   * @param scale of the integers it reads
   * @param refuse makes the error for parameters that no integer activation has
   */
  readonly toIntegers: (fn: F, scale: number, refuse: Refuse) => LoweredActivation;
}

type Refuse = (code: 'QP3002' | 'QP3009', fix?: string) => QuietproofError;

/** Every activation over integers. A kind that is added to the union is a type error here until it has its own. */
const LOWERINGS: { readonly [K in ActivationKind]: ActivationLowering<ActivationOf<K>> } = {
  relu: {
    isSigned: () => false,
    toIntegers: (_, scale) => ({ activation: { kind: 'clamp', low: 0, high: null }, scale }),
  },
  'leaky-relu': {
    isSigned: () => true,
    toIntegers: ({ alpha }, scale, refuse) => {
      if (!(alpha >= 0 && alpha <= 1)) throw refuse('QP3002');
      return leakyActivation(alpha, scale);
    },
  },
  clip: {
    isSigned: ({ min }) => min < 0,
    toIntegers: ({ min, max }, scale, refuse) => {
      const toInteger = (real: number) => Math.floor(real / scale + 0.5);
      // No value goes beyond EXACT_LIMIT, so a bound there bounds nothing.
      const low = Math.max(toInteger(min), -EXACT_LIMIT);
      const high = Math.min(toInteger(max), EXACT_LIMIT);
      if (!(low < high)) throw refuse('QP3009', 'Use more bits, or bounds further apart');
      const bounds = { low: low > -EXACT_LIMIT ? low : null, high: high < EXACT_LIMIT ? high : null };
      return { activation: { kind: 'clamp', ...bounds }, scale };
    },
  },
};

/** Whether the integers an activation gives spend a bit on their sign. */
export function isSigned(fn: ActivationFunction): boolean {
  return loweringOf(fn).isSigned(fn);
}

/**
 * @param scale of the integers the activation reads
 * @throws QuietproofError QP3002 (slope of a leaky ReLU), QP3009 (bounds of a clip)
 */
export function integerActivation({ name, fn }: ActivationNode, scale: number): LoweredActivation {
  const where = `layer "${name}", ${factsOf(fn).name}`;
  return loweringOf(fn).toIntegers(fn, scale, (code, fix) => {
    return new QuietproofError(code, fix === undefined ? { where } : { where, fix });
  });
}

function loweringOf(fn: ActivationFunction): ActivationLowering<ActivationFunction> {
  // The table's type pairs every kind with its own parameters, which the compiler cannot follow through the lookup.
  return LOWERINGS[fn.kind] as ActivationLowering<ActivationFunction>;
}

function leakyActivation(alpha: number, scale: number): LoweredActivation {
  let denominatorBits = 0;
  const rounded = (bits: number) => Math.floor(alpha * 2 ** bits + 0.5);
  while (denominatorBits < LEAKY_BITS && rounded(denominatorBits) !== alpha * 2 ** denominatorBits) {
    if (rounded(denominatorBits) >= 4) break;
    denominatorBits += 1;
  }
  const numerator = rounded(denominatorBits);
  // Slope 0, or one below the rounding step of every slope: a ReLU.
  if (numerator === 0) return { activation: { kind: 'clamp', low: 0, high: null }, scale };
  return { activation: { kind: 'leaky', numerator, denominatorBits }, scale: scale / 2 ** denominatorBits };
}
