import { factsOf } from '../../graph/activation-facts.ts';
import type { ActivationNode } from '../../graph/float-graph.ts';
import { valuesOf } from '../../graph/use.ts';
import { EXACT_BITS, tooWide } from '../../integer/bounds.ts';
import type { Requantize } from '../../integer/integer-graph.ts';
import { integerActivation, isSigned } from '../lower-activation.ts';
import type { ValueMap } from '../value-map.ts';
import { largestOf } from './context.ts';
import type { NodeLowering } from './node-lowering.ts';
import { lowerTable } from './table.ts';

/** Rounds values to the bits of activations, and rectifies them. */
export const activation: NodeLowering<ActivationNode> = {
  searched: 'activations',

  tie(node, sets) {
    if (factsOf(node.fn).isHomogeneous) {
      for (let i = 0; i < node.count; i += 1) sets.tie([node.first + i, node.source[i]!]);
      return;
    }
    sets.tie(node.source);
    sets.tie(valuesOf(node));
  },

  tieAgain: () => false,

  noteUse({ fn, source }, note) {
    const { range, span = range.max - range.min } = factsOf(fn);
    for (const id of source) note(id, 1, span);
  },

  costOfFiner: (_, reads) => reads,

  /**
   * Outputs are in the order of their sources' ids, not in the order of the float graph. The activation of a convolution
   * then reads the convolution's outputs in order even if the model transposes between the two.
   */
  lower(node, context) {
    const constant = constantActivation(node, context.values);
    if (constant !== undefined) {
      constant.forEach((value, i) => {
        context.values.setConstant(node.first + i, value);
      });
      return;
    }
    const { name, origin, count, fn } = node;
    const widths = context.widthsOf(name);
    const { ids, scales: known } = context.align(node.source, `${name}/aligned`, widths.weights);
    const scales = known.map((scale) => scale || largestOf(known));
    if (fn.kind === 'tabulated') return lowerTable(node, fn.of, context, { ids, scales });
    const limit = 2 ** (widths.activations - (isSigned(fn) ? 1 : 0)) - 1;
    const { min, max } = factsOf(fn).range;
    const rounded = { name, values: valuesOf(node), span: max - min };
    const shift = context.source.shift(rounded, scales, limit);
    if (shift >= EXACT_BITS) throw tooWide(name);
    const outScale = scales.reduce((a, b) => Math.max(a, b)) * 2 ** shift;
    const { activation, scale: activeScale } = integerActivation({ name, fn }, outScale, widths.activations);
    const order = Array.from(ids.keys()).sort((a, b) => ids[a]! - ids[b]!);
    // A power of two: only a leaky ReLU changes the scale.
    const ratio = activeScale / outScale;
    const own = scales.map((scale) => scale * 2 ** shift * ratio);
    const { first } = context.push<Requantize>(
      {
        ...{ op: 'requantize', name, origin, count, shift, activation },
        source: Int32Array.from(order, (i) => ids[i]!),
      },
      Float64Array.from(order, (i) => own[i]!),
    );
    order.forEach((i, rank) => {
      context.map(node.first + i, first + rank, own[i]!);
    });
  },
};

/** The outputs of an activation that are the same for every input: it has one value, or reads constants. */
function constantActivation({ fn, source }: ActivationNode, values: ValueMap): Float64Array | undefined {
  const { apply, range } = factsOf(fn);
  if (range.min === range.max) return new Float64Array(source.length).fill(range.min);
  if (!source.every((id) => values.isConstant(id))) return undefined;
  return Float64Array.from(source, (id) => apply(values.offset(id)));
}
