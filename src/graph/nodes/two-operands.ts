import type { CompareNode, DivideNode, ProductNode } from '../float-graph.ts';
import { type NodeKind, plainDescription, type Unplaced } from '../node-kind.ts';
import { pick, placesOf } from './pick.ts';

type TwoOperandNode = ProductNode | CompareNode | DivideNode;

/** What all elementwise nodes of two operands have in common. */
export function twoOperands<N extends TwoOperandNode>(
  kind: string,
  compute: (left: number, right: number) => number,
): Omit<NodeKind<N>, 'markNonNegative' | 'withoutFactors'> {
  return {
    mayReadAbsent: false,
    sources: ({ left, right }: Unplaced<TwoOperandNode>) => [left, right],
    translated: (node, translate) => ({
      ...node,
      left: translate((node as Unplaced<TwoOperandNode>).left),
      right: translate((node as Unplaced<TwoOperandNode>).right),
    }),
    numbers: () => [],

    check({ left, right, count }, expect) {
      expect(left.length === count && right.length === count, 'an operand has the wrong size');
    },

    execute({ first, count, left, right }, values) {
      const at = (id: number) => (id >= 0 ? values[id]! : 0);
      for (let i = 0; i < count; i += 1) values[first + i] = compute(at(left[i]!), at(right[i]!));
    },

    shrink(node, needed) {
      const places = placesOf(needed);
      const operands = { left: pick(node.left, places), right: pick(node.right, places) };
      return { node: { ...node, count: places.length, ...operands }, places };
    },

    describe: ({ count }) => plainDescription(kind, count),
  };
}

/** The factor that a value lacks. */
export function factorOf(id: number, factors: Float64Array): number {
  return id >= 0 ? factors[id]! : 1;
}
