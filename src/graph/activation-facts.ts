import { ACTIVATIONS, type ActivationFacts } from './activations.ts';
import type { ActivationFunction } from './float-graph.ts';
import type { Interval } from './functions/interval.ts';

/** The facts of an activation with its parameters. */
export function factsOf(fn: ActivationFunction): ActivationFacts {
  // Each entry of the table takes the parameters of its own kind; the compiler loses that link in the lookup.
  const describe = ACTIVATIONS[fn.kind] as (fn: ActivationFunction) => ActivationFacts;
  return describe(fn);
}

/** outer ∘ inner as a single activation; undefined if there is none. */
export function composeActivations(
  outer: ActivationFunction,
  inner: ActivationFunction,
): ActivationFunction | undefined {
  const { after, identityOn } = factsOf(outer);
  // If the outer one is the identity on the whole range of the inner one, the composition is the inner one.
  return after(inner) ?? (covers(identityOn, factsOf(inner).range) ? inner : undefined);
}

/** Whether `outer` contains `inner`. */
export function covers(outer: Interval | undefined, inner: Interval): boolean {
  return outer !== undefined && outer.min <= inner.min && inner.max <= outer.max;
}
