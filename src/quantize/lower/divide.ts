import type { DivideNode } from '../../graph/float-graph.ts';
import { valuesOf } from '../../graph/use.ts';
import { FINEST_FACTOR_BITS } from '../../integer/divide.ts';
import type { Divide } from '../../integer/integer-graph.ts';
import { largestOf } from './context.ts';
import type { NodeLowering } from './node-lowering.ts';

/** A divisor has this many bits more than an activation: its rounding error counts for every quotient by it. */
const DIVISOR_BITS = 4;

/** A quotient with the bits of an activation; the divisor is rounded, the numerator is exact. */
export const divide: NodeLowering<DivideNode> = {
  searched: 'activations',

  tie({ first, left, right }, sets) {
    left.forEach((id, i) => {
      sets.tie([first + i, id, right[i]!]);
    });
  },

  tieAgain: () => false,

  noteUse({ left, right }, note) {
    for (const id of left) note(id, 0, Infinity);
    for (const id of right) note(id, 1, Infinity);
  },

  costOfFiner: (_, reads) => reads,

  lower(node, context) {
    const { name, origin, count, left, right } = node;
    const { weights, activations } = context.widthsOf(name);
    const numerator = context.align(left, `${name}/aligned`, weights);
    const divisor = context.round(right, `${name}/divisor`, activations + DIVISOR_BITS, weights);
    const denominator = context.atLeastOneStep(right, divisor, `${name}/least`);
    const largest = largestOf(numerator.scales);
    const unit = 2 ** -FINEST_FACTOR_BITS;
    const finest = denominator.scales.map((own, i) => ((numerator.scales[i]! || largest) / own) * unit);
    const limit = 2 ** (activations - 1) - 1;
    const wanted = context.source.shift({ name, values: valuesOf(node), span: Infinity }, finest, limit);
    const shift = Math.min(wanted, FINEST_FACTOR_BITS);
    const scales = finest.map((own) => own * 2 ** shift);
    const { first } = context.push<Divide>(
      {
        ...{ op: 'divide', name, origin, count, factor: 2 ** (FINEST_FACTOR_BITS - shift) },
        ...{ numerator: numerator.ids, denominator: denominator.ids },
      },
      scales,
    );
    scales.forEach((scale, i) => {
      context.map(node.first + i, first + i, scale);
    });
  },
};
