import type { MaxNode } from '../../graph/float-graph.ts';
import type { IntegerMax } from '../../integer/integer-graph.ts';
import { largestOf } from './context.ts';
import type { NodeLowering } from './node-lowering.ts';

/** Compares integers of one scale within each window. */
export const max: NodeLowering<MaxNode> = {
  searched: 'none',

  tie({ first, count, taps, gather }, sets) {
    for (let i = 0; i < count; i += 1) sets.tie([first + i, ...gather.subarray(i * taps, (i + 1) * taps)]);
  },

  tieAgain: () => false,

  /** Each source is used as the maximum is. */
  noteUse({ first, taps, gather }, note, { isRounded, passed }) {
    gather.forEach((id, k) => {
      const own = first + Math.floor(k / taps);
      note(id, isRounded[own]!, passed[own]!);
    });
  },

  costOfFiner: (_, reads) => reads,

  lower(node, context) {
    const { name, origin, count, taps } = node;
    const { weights } = context.widthsOf(name);
    const { ids, scales } = context.align(node.gather, `${name}/aligned`, weights);
    const own = Float64Array.from({ length: count }, (_, i) =>
      largestOf(scales.subarray(i * taps, (i + 1) * taps)),
    );
    const { first } = context.push<IntegerMax>({ op: 'max', name, origin, count, taps, gather: ids }, own);
    own.forEach((scale, i) => {
      context.map(node.first + i, first + i, scale);
    });
  },
};
