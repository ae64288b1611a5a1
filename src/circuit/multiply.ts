import type { Range } from '../integer/contest.ts';
import type { Multiply } from '../integer/integer-graph.ts';
import { factorsOf } from '../integer/multiply.ts';
import type { Builder } from './builder.ts';
import { elementwise, instancesAt } from './elementwise.ts';

export const buildMultiply: Builder<Multiply> = (name, node, { bounds }) => {
  const factors = Array.from({ length: node.count }, (_, i) => factorsOf(node, i, bounds));
  return [
    {
      ...elementwise(name, node, [node.left, node.right]),
      instances: () =>
        instancesAt(node.count, ['kind', 'leftBase', 'rightBase', 'outBase'], (i) => {
          const [left, right] = factors[i]!;
          return [kindOf(left, right), left.lo, right.lo, bounds.lo[node.first + i]!];
        }),
      outputRows: factors.reduce((rows, [left, right]) => rows + rowsOf(left, right), 0),
    },
  ];
};

const isConstant = ({ lo, hi }: Range): boolean => lo === hi;

function kindOf(left: Range, right: Range): number {
  return (isConstant(left) ? 1 : 0) + (isConstant(right) ? 2 : 0);
}

/** `--O1` merges a product by 0 with a constant, and one by 1 with its factor. */
function rowsOf(left: Range, right: Range): number {
  if (!isConstant(left) && !isConstant(right)) return 1;
  if (isConstant(left) && isConstant(right)) return 0;
  const constant = isConstant(left) ? left.lo : right.lo;
  return constant === 0 || constant === 1 ? 0 : 1;
}
