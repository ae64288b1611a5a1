import type { ActivationFunction } from './float-graph.ts';

export type ActivationKind = ActivationFunction['kind'];
export type ActivationOf<K extends ActivationKind> = Extract<ActivationFunction, { readonly kind: K }>;

/** All x with min ≤ x ≤ max; either may be infinite. */
export interface Interval {
  readonly min: number;
  readonly max: number;
}

/**
 * What is known of one activation f, with its parameters set. Passes ask for these properties and never for a kind, so
 * that an activation they have not heard of is left alone.
 */
export interface ActivationFacts {
  /** For people, with the parameters. */
  readonly name: string;
  /** Whether the parameters define a function. */
  readonly isDefined: boolean;
  /** f(x), with + − × ÷ and comparisons only: calibration takes scales from it, which must not depend on the machine. */
  readonly apply: (x: number) => number;
  /** Never decreasing: f(x) ≤ f(y) for x ≤ y. So f(max(x, y)) = max(f(x), f(y)). */
  readonly isMonotone: boolean;
  /** f(c · x) = c · f(x) for every c > 0. */
  readonly isHomogeneous: boolean;
  /** f(0) = 0, so that padding stays padding. */
  readonly fixesZero: boolean;
  /** Where all f(x) lie. */
  readonly range: Interval;
  /** Where f(x) = x; undefined where that is no interval. */
  readonly identityOn: Interval | undefined;
  /** f ∘ inner where that is one activation again; undefined also for an inner one that this one does not know. */
  readonly after: (inner: ActivationFunction) => ActivationFunction | undefined;
}

const REALS: Interval = { min: -Infinity, max: Infinity };
export const NOT_NEGATIVE: Interval = { min: 0, max: Infinity };

/** Every activation there is. A kind that is added to the union is a type error here until its facts are written. */
export const ACTIVATIONS: { readonly [K in ActivationKind]: (fn: ActivationOf<K>) => ActivationFacts } = {
  relu: () => ({
    name: 'ReLU',
    isDefined: true,
    apply: (x) => Math.max(x, 0),
    isMonotone: true,
    isHomogeneous: true,
    fixesZero: true,
    range: NOT_NEGATIVE,
    identityOn: NOT_NEGATIVE,
    after: (inner) => clampAfter(NOT_NEGATIVE, inner),
  }),

  'leaky-relu': ({ alpha }) => ({
    name: `leaky ReLU with slope ${alpha}`,
    isDefined: Number.isFinite(alpha),
    apply: (x) => (x >= 0 ? x : alpha * x),
    isMonotone: alpha >= 0,
    isHomogeneous: true,
    fixesZero: true,
    range: alpha > 0 ? REALS : NOT_NEGATIVE,
    identityOn: alpha === 1 ? REALS : NOT_NEGATIVE,
    // A slope that is not negative keeps signs, so both take the same side.
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
};

/** min(max(inner, min), max) */
function clampAfter({ min, max }: Interval, inner: ActivationFunction): ActivationFunction | undefined {
  // Below zero a leak stays at or below zero, and the clamp makes min of either.
  if (inner.kind === 'leaky-relu') return inner.alpha >= 0 && min >= 0 ? clamp(min, max) : undefined;
  if (inner.kind !== 'relu' && inner.kind !== 'clip') return undefined;
  const within = inner.kind === 'relu' ? NOT_NEGATIVE : inner;
  const bound = (value: number) => Math.min(Math.max(value, min), max);
  const [low, high] = [bound(within.min), bound(within.max)];
  // A constant has no integer form as a clip; two clips in a row have.
  return low < high ? clamp(low, high) : undefined;
}

function clamp(min: number, max: number): ActivationFunction {
  return min === 0 && max === Infinity ? { kind: 'relu' } : { kind: 'clip', min, max };
}
