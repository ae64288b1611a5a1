import type { Thermometer } from '../integer/integer-graph.ts';
import { gapBits } from '../integer/thermometer.ts';
import type { Builder } from './builder.ts';
import { singleInstance, singleOutput } from './single-output.ts';
import { FormSum, isMergedForm } from './wire-form.ts';

/** One layer; its source is a wire or a sum that it expands. */
export const buildThermometer: Builder<Thermometer> = (name, node, { bounds, forms }) => {
  const bits = gapBits(node, bounds);
  const lo = bounds.lo[node.source]!;
  const above = new FormSum(-lo).add(forms.of(node.source));
  const sources = Int32Array.from(above.weights.keys()).sort();
  const args = {
    cuts: node.count,
    cut: Array.from(node.cuts, (cut) => cut - lo),
    top: bounds.hi[node.source]! - lo,
    bits,
    inputs: sources.length,
    weight: Array.from(sources, (slot) => above.weights.get(slot)!),
    constant: above.constant,
  };
  // Without bits, the outputs add up to the source. A single output is then another name of it, if it is a wire.
  const tie = bits > 0 || (node.count === 1 && isMergedForm(above)) ? 0 : 1;
  return [
    {
      ...singleOutput(name, node, sources),
      outputs: node.count,
      instances: () => singleInstance(args),
      outputRows: node.count + tie,
    },
  ];
};
