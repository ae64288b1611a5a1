import { lowerBound } from '../integer/bounds.ts';
import { compareBits, differenceRange } from '../integer/compare.ts';
import type { Compare } from '../integer/integer-graph.ts';
import type { Builder } from './builder.ts';
import { elementwise, instancesAt } from './elementwise.ts';

export const buildCompare: Builder<Compare> = (name, node, { bounds }) => [
  {
    ...elementwise(name, node, [node.left, node.right]),
    instances: () =>
      instancesAt(node.count, ['constant', 'bits'], (i) => {
        const bits = compareBits(differenceRange(node, i, bounds));
        const bases = lowerBound(bounds, node.left[i]!) - lowerBound(bounds, node.right[i]!);
        return [bits === 0 ? 0 : bases + node.offset[i]!, bits];
      }),
    // The top bit, or the answer that the ranges decide.
    outputWires: Array.from(node.left, (_, i) =>
      compareBits(differenceRange(node, i, bounds)) === 0 ? 'constant' : 'auxiliary',
    ),
  },
];
