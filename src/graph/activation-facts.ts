import { ACTIVATIONS, type ActivationFacts, type Interval } from './activations.ts';
import type { ActivationFunction } from './float-graph.ts';

/** What is known of an activation with its parameters. */
export function factsOf(fn: ActivationFunction): ActivationFacts {
  // The table's type pairs every kind with its own parameters, which the compiler cannot follow through the lookup.
  const describe = ACTIVATIONS[fn.kind] as (fn: ActivationFunction) => ActivationFacts;
  return describe(fn);
}

/** outer ∘ inner, where that is one activation. */
export function composeActivations(
  outer: ActivationFunction,
  inner: ActivationFunction,
): ActivationFunction | undefined {
  const { after, identityOn } = factsOf(outer);
  // The identity on everything the inner one gives changes nothing of it.
  return after(inner) ?? (covers(identityOn, factsOf(inner).range) ? inner : undefined);
}

/** Whether every number of an interval lies in another. */
export function covers(outer: Interval | undefined, inner: Interval): boolean {
  return outer !== undefined && outer.min <= inner.min && inner.max <= outer.max;
}
