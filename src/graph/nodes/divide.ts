import type { DivideNode } from '../float-graph.ts';
import type { NodeKind } from '../node-kind.ts';
import { cannotBeNegative } from './never-negative.ts';
import { factorOf, twoOperands } from './two-operands.ts';

/** A quotient; the divisor is above 0. */
export const divide: NodeKind<DivideNode> = {
  ...twoOperands<DivideNode>('divide', (left, right) => left / right),

  markNonNegative({ first, left }, nonNegative) {
    left.forEach((id, i) => {
      if (cannotBeNegative(id, nonNegative)) nonNegative[first + i] = 1;
    });
  },

  withoutFactors(node, factors) {
    node.left.forEach((id, i) => {
      factors[node.first + i] = factorOf(id, factors) / factorOf(node.right[i]!, factors);
    });
    return node;
  },
};
