import { lowerBound } from '../integer/bounds.ts';
import { division } from '../integer/divide.ts';
import type { Divide } from '../integer/integer-graph.ts';
import type { Builder } from './builder.ts';
import { elementwise, instancesAt } from './elementwise.ts';

const PARAMETERS = ['factor', 'leftBase', 'rightBase', 'lowest', 'quotientBits', 'remainderBits'];

export const buildDivide: Builder<Divide> = (name, node, { bounds }) => [
  {
    ...elementwise(name, node, [node.numerator, node.denominator]),
    instances: () =>
      instancesAt(node.count, PARAMETERS, (i) => {
        const { lo, quotientBits, remainderBits } = division(node, i, bounds)!;
        const bases = [node.numerator[i]!, node.denominator[i]!].map((id) => lowerBound(bounds, id));
        return [node.factor, ...bases, lo, quotientBits, remainderBits];
      }),
    // The rows of the auxiliaries: their bits, the product, the sum with the slack, and the sum that is the output.
    outputWires: Array.from(node.numerator, (_, i) =>
      division(node, i, bounds)!.quotientBits === 0 ? 'constant' : 'auxiliary',
    ),
  },
];
