import type { SelectNode } from '../float-graph.ts';
import { type NodeKind, plainDescription } from '../node-kind.ts';
import { cannotBeNegative } from './never-negative.ts';
import { pick, placesOf } from './pick.ts';
import { factorOf } from './two-operands.ts';

/** One of two values, by a condition that is 1 or 0. */
export const select: NodeKind<SelectNode> = {
  mayReadAbsent: false,
  sources: ({ condition, whenTrue, whenFalse }) => [condition, whenTrue, whenFalse],
  translated: (node, translate) => ({
    ...node,
    condition: translate(node.condition),
    whenTrue: translate(node.whenTrue),
    whenFalse: translate(node.whenFalse),
  }),
  numbers: () => [],

  check({ condition, whenTrue, whenFalse, count }, expect) {
    const sizes = [condition, whenTrue, whenFalse].map(({ length }) => length);
    expect(
      sizes.every((size) => size === count),
      'an operand has the wrong size',
    );
  },

  execute({ first, count, condition, whenTrue, whenFalse }, values) {
    const at = (id: number) => (id >= 0 ? values[id]! : 0);
    for (let i = 0; i < count; i += 1) {
      values[first + i] = at(at(condition[i]!) >= 0.5 ? whenTrue[i]! : whenFalse[i]!);
    }
  },

  shrink(node, needed) {
    const places = placesOf(needed);
    const kept = { count: places.length, condition: pick(node.condition, places) };
    const branches = { whenTrue: pick(node.whenTrue, places), whenFalse: pick(node.whenFalse, places) };
    return { node: { ...node, ...kept, ...branches }, places };
  },

  describe: ({ count }) => plainDescription('select', count),

  markNonNegative({ first, whenTrue, whenFalse }, nonNegative) {
    whenTrue.forEach((id, i) => {
      const both = cannotBeNegative(id, nonNegative) && cannotBeNegative(whenFalse[i]!, nonNegative);
      if (both) nonNegative[first + i] = 1;
    });
  },

  withoutFactors(node, factors) {
    for (const [i, id] of node.condition.entries()) {
      const factor = factorOf(node.whenTrue[i]!, factors);
      if (factorOf(id, factors) !== 1 || factorOf(node.whenFalse[i]!, factors) !== factor) return undefined;
      factors[node.first + i] = factor;
    }
    return node;
  },
};
