import { ABSENT, type MaxNode } from '../float-graph.ts';
import { type NodeKind, plainDescription } from '../node-kind.ts';
import { commonFactor } from './common-factor.ts';
import { cannotBeNegative } from './never-negative.ts';
import { pickRuns, placesOf } from './pick.ts';

/** The largest value of each window. */
export const max: NodeKind<MaxNode> = {
  mayReadAbsent: true,
  sources: ({ gather }) => [gather],
  translated: (node, translate) => ({ ...node, gather: translate(node.gather) }),
  numbers: () => [],

  check({ taps, gather, count }, expect) {
    expect(taps > 0 && gather.length === count * taps, 'gather has the wrong size');
  },

  execute({ first, count, taps, gather }, values) {
    for (let i = 0; i < count; i += 1) {
      let best = -Infinity;
      for (let tap = 0; tap < taps; tap += 1) {
        const id = gather[i * taps + tap]!;
        if (id === ABSENT) continue;
        const value = id >= 0 ? values[id]! : 0;
        if (value > best) best = value;
      }
      values[first + i] = best;
    }
  },

  shrink(node, needed) {
    const places = placesOf(needed);
    const gather = pickRuns(node.gather, places, node.taps);
    return { node: { ...node, count: places.length, gather }, places };
  },

  describe: ({ count }) => plainDescription('max', count),

  /** Never negative if one of its taps never is. */
  markNonNegative({ first, count, taps, gather }, nonNegative) {
    for (let i = 0; i < count; i += 1) {
      const window = gather.subarray(i * taps, (i + 1) * taps);
      if (window.some((id) => cannotBeNegative(id, nonNegative))) nonNegative[first + i] = 1;
    }
  },

  withoutFactors(node, factors) {
    for (let i = 0; i < node.count; i += 1) {
      const window = node.gather.subarray(i * node.taps, (i + 1) * node.taps);
      const factor = commonFactor(window, factors);
      if (factor === undefined) return undefined;
      factors[node.first + i] = factor;
    }
    return node;
  },
};
