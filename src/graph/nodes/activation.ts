import { factsOf } from '../activation-facts.ts';
import type { ActivationNode } from '../float-graph.ts';
import { type NodeKind, plainDescription } from '../node-kind.ts';
import { cannotBeNegative } from './never-negative.ts';
import { pick, placesOf } from './pick.ts';

/** A function of one variable, applied to each value (`activations.ts` has the facts of each). */
export const activation: NodeKind<ActivationNode> = {
  mayReadAbsent: false,
  sources: ({ source }) => [source],
  translated: (node, translate) => ({ ...node, source: translate(node.source) }),
  numbers: () => [],

  check({ fn, source, count }, expect) {
    expect(source.length === count, 'source has the wrong size');
    const { isDefined, name } = factsOf(fn);
    expect(isDefined, `${name} is not defined`);
  },

  execute({ fn, first, count, source }, values) {
    const { apply } = factsOf(fn);
    for (let i = 0; i < count; i += 1) {
      values[first + i] = apply(source[i]! >= 0 ? values[source[i]!]! : 0);
    }
  },

  shrink(node, needed) {
    const places = placesOf(needed);
    return { node: { ...node, count: places.length, source: pick(node.source, places) }, places };
  },

  describe: ({ fn, count }) => plainDescription(fn.kind, count),

  /** Never negative if the range is, or if f is non-decreasing with f(0) ≥ 0, since then f(x) ≥ f(0) for x ≥ 0. */
  markNonNegative({ first, count, fn, source }, nonNegative) {
    const { range, isMonotone, apply } = factsOf(fn);
    const rangeIsNonNegative = range.min >= 0;
    const keepsNonNegative = isMonotone && apply(0) >= 0;
    for (let i = 0; i < count; i += 1) {
      if (rangeIsNonNegative || (keepsNonNegative && cannotBeNegative(source[i]!, nonNegative)))
        nonNegative[first + i] = 1;
    }
  },

  withoutFactors(node, factors) {
    const { isHomogeneous } = factsOf(node.fn);
    for (let i = 0; i < node.count; i += 1) {
      const factor = node.source[i]! < 0 ? 1 : factors[node.source[i]!]!;
      if (factor !== 1 && !isHomogeneous) return undefined;
      factors[node.first + i] = factor;
    }
    return node;
  },
};
