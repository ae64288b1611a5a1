import type { CompareNode } from '../float-graph.ts';
import type { NodeKind } from '../node-kind.ts';
import { factorOf, twoOperands } from './two-operands.ts';

/** Whether one value is at least another: 1 or 0. */
export const compare: NodeKind<CompareNode> = {
  ...twoOperands<CompareNode>('compare', (left, right) => (left >= right ? 1 : 0)),

  markNonNegative({ first, count }, nonNegative) {
    nonNegative.fill(1, first, first + count);
  },

  /** A factor that both operands lack changes nothing. */
  withoutFactors(node, factors) {
    for (const [i, id] of node.left.entries()) {
      if (factorOf(id, factors) !== factorOf(node.right[i]!, factors)) return undefined;
      factors[node.first + i] = 1;
    }
    return node;
  },
};
