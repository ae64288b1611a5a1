import { ZERO } from '../graph/float-graph.ts';
import type { Bounds } from './bounds.ts';
import { decompose } from './decomposition.ts';
import type { IntegerNode } from './integer-graph.ts';
import { linearTerms } from './linear-terms.ts';
import { factorsOf } from './multiply.ts';

/**
 * By output of a node: the value that it repeats, up to a constant. Wires hold value − proved minimum, so that both are
 * equal signals, which circom merges at `--O1`.
 */
export function copiedBy(node: IntegerNode, bounds: Bounds): (output: number) => number | undefined {
  switch (node.op) {
    case 'linear': {
      const visit = linearTerms(node);
      return (i) => {
        const terms = new Map<number, number>();
        visit(i, (id, weight) => terms.set(id, (terms.get(id) ?? 0) + weight));
        const [only, ...others] = Array.from(terms).filter(([id, weight]) => id !== ZERO && weight !== 0);
        return only?.[1] === 1 && others.length === 0 ? only[0] : undefined;
      };
    }
    case 'requantize': {
      const decompositions = decompose(node, bounds);
      return (i) => {
        const own = decompositions[i]!;
        return own.kind === 'identity' && own.factor === 1 ? node.source[i] : undefined;
      };
    }
    case 'multiply':
      return (i) => {
        const [left, right] = factorsOf(node, i, bounds);
        if (left.lo === 1 && left.hi === 1) return node.right[i];
        return right.lo === 1 && right.hi === 1 ? node.left[i] : undefined;
      };
    default:
      return () => undefined;
  }
}
