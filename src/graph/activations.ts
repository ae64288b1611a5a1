import type { ActivationFunction } from './float-graph.ts';
import type { Interval } from './functions/interval.ts';
import { tabulatedFacts } from './functions/tabulated-facts.ts';

export type ActivationKind = ActivationFunction['kind'];
export type ActivationOf<K extends ActivationKind> = Extract<ActivationFunction, { readonly kind: K }>;

/**
 * Properties of one activation f with fixed parameters. A pass tests the properties that its rewrite needs, never the
 * kind, so the rewrite stays correct when a new kind is added.
 */
export interface ActivationFacts {
  /** Readable name with the parameters, for messages. */
  readonly name: string;
  /** Whether the parameters define a function. */
  readonly isDefined: boolean;
  /** f(x), with + − × ÷ and comparisons only: calibrated scales depend on it and must not depend on the machine. */
  readonly apply: (x: number) => number;
  /** Non-decreasing: f(x) ≤ f(y) for x ≤ y. Hence f(max(x, y)) = max(f(x), f(y)). */
  readonly isMonotone: boolean;
  /** f(c · x) = c · f(x) for every c > 0. */
  readonly isHomogeneous: boolean;
  /** f(0) = 0, so zero padding stays zero. */
  readonly fixesZero: boolean;
  /** How far an argument moves while the value changes by about itself: an argument is rounded as finely. */
  readonly span?: number;
  /** Contains every f(x). */
  readonly range: Interval;
  /** Where f(x) = x; undefined if that is not an interval. */
  readonly identityOn: Interval | undefined;
  /** f ∘ inner as a single activation; undefined if there is none, and for kinds that f has no rule for. */
  readonly after: (inner: ActivationFunction) => ActivationFunction | undefined;
}

const REALS: Interval = { min: -Infinity, max: Infinity };
export const NON_NEGATIVE: Interval = { min: 0, max: Infinity };

/** The facts of every activation. A kind added to the union is a type error here until its facts are written. */
export const ACTIVATIONS: { readonly [K in ActivationKind]: (fn: ActivationOf<K>) => ActivationFacts } = {
  relu: () => ({
    name: 'ReLU',
    isDefined: true,
    apply: (x) => Math.max(x, 0),
    isMonotone: true,
    isHomogeneous: true,
    fixesZero: true,
    range: NON_NEGATIVE,
    identityOn: NON_NEGATIVE,
    after: (inner) => clampAfter(NON_NEGATIVE, inner),
  }),

  'leaky-relu': ({ alpha }) => ({
    name: `leaky ReLU with slope ${alpha}`,
    isDefined: Number.isFinite(alpha),
    apply: (x) => (x >= 0 ? x : alpha * x),
    isMonotone: alpha >= 0,
    isHomogeneous: true,
    fixesZero: true,
    range: alpha > 0 ? REALS : NON_NEGATIVE,
    identityOn: alpha === 1 ? REALS : NON_NEGATIVE,
    // A non-negative inner slope preserves the sign, so both functions take the same branch.
    after: (inner) =>
      inner.kind === 'leaky-relu' && inner.alpha >= 0
        ? { kind: 'leaky-relu', alpha: alpha * inner.alpha }
        : undefined,
  }),

  clip: ({ min, max }) => ({
    name: `clip from ${min} to ${max}`,
    isDefined: min <= max && min < Infinity && max > -Infinity,
    apply: (x) => Math.min(Math.max(x, min), max),
    isMonotone: true,
    isHomogeneous: (min === 0 || min === -Infinity) && (max === 0 || max === Infinity),
    fixesZero: min <= 0 && max >= 0,
    range: { min, max },
    identityOn: { min, max },
    after: (inner) => clampAfter({ min, max }, inner),
  }),

  tabulated: ({ of }) => {
    const { label, isDefined, apply, isMonotone, range, identityOn, span } = tabulatedFacts(of);
    return {
      ...{ name: label, isDefined, apply, isMonotone, range, identityOn },
      ...(span === undefined ? {} : { span }),
      isHomogeneous: false,
      fixesZero: apply(0) === 0,
      after: () => undefined,
    };
  },
};

/** min(max(inner, min), max) */
function clampAfter({ min, max }: Interval, inner: ActivationFunction): ActivationFunction | undefined {
  // For x < 0 the leaky ReLU gives at most 0 ≤ min, so the clamp gives min, as it does for x itself.
  if (inner.kind === 'leaky-relu') return inner.alpha >= 0 && min >= 0 ? clamp(min, max) : undefined;
  if (inner.kind !== 'relu' && inner.kind !== 'clip') return undefined;
  const within = inner.kind === 'relu' ? NON_NEGATIVE : inner;
  const bound = (value: number) => Math.min(Math.max(value, min), max);
  const [low, high] = [bound(within.min), bound(within.max)];
  return clamp(low, high);
}

function clamp(min: number, max: number): ActivationFunction {
  return min === 0 && max === Infinity ? { kind: 'relu' } : { kind: 'clip', min, max };
}
