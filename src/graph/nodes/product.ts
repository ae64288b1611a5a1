import type { ProductNode } from '../float-graph.ts';
import type { NodeKind } from '../node-kind.ts';
import { cannotBeNegative } from './never-negative.ts';
import { factorOf, twoOperands } from './two-operands.ts';

/** The product of two values. */
export const product: NodeKind<ProductNode> = {
  ...twoOperands<ProductNode>('product', (left, right) => left * right),

  /** A square is never negative, nor is the product of two values that are not. */
  markNonNegative({ first, left, right }, nonNegative) {
    left.forEach((id, i) => {
      const other = right[i]!;
      const both = cannotBeNegative(id, nonNegative) && cannotBeNegative(other, nonNegative);
      if (id === other || both) nonNegative[first + i] = 1;
    });
  },

  withoutFactors(node, factors) {
    node.left.forEach((id, i) => {
      factors[node.first + i] = factorOf(id, factors) * factorOf(node.right[i]!, factors);
    });
    return node;
  },
};
