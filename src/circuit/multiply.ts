import type { Range } from '../integer/contest.ts';
import type { Multiply } from '../integer/integer-graph.ts';
import { factorsOf } from '../integer/multiply.ts';
import type { Builder } from './builder.ts';
import { elementwise, instancesAt } from './elementwise.ts';
import { copyOf, type OutputWire } from './shared-wires.ts';

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
      outputWires: factors.map(([left, right], i) => wireOf(node, i, left, right)),
    },
  ];
};

const isConstant = ({ lo, hi }: Range): boolean => lo === hi;

function kindOf(left: Range, right: Range): number {
  return (isConstant(left) ? 1 : 0) + (isConstant(right) ? 2 : 0);
}

function wireOf({ left, right }: Multiply, index: number, one: Range, other: Range): OutputWire {
  if (!isConstant(one) && !isConstant(other)) return 'row';
  const constant = isConstant(one) ? one.lo : other.lo;
  if (constant === 0 || (isConstant(one) && isConstant(other))) return 'constant';
  return constant === 1 ? copyOf((isConstant(one) ? right : left)[index]!) : 'row';
}
