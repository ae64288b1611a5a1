import type { Thermometer } from '../integer/integer-graph.ts';
import { gapBits, repeatsSource } from '../integer/thermometer.ts';
import type { Builder } from './builder.ts';
import { singleInstance, singleOutput } from './single-output.ts';
import { FormSum } from './wire-form.ts';

/** One layer; its source is a wire or a sum that it expands. None for a source that is 0 or 1. */
export const buildThermometer: Builder<Thermometer> = (name, node, { bounds, forms }) => {
  if (repeatsSource(node, bounds)) return [];
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
  return [
    {
      ...singleOutput(name, node, sources),
      outputs: node.count,
      instances: () => singleInstance(args),
      outputWires: new Array(node.count).fill('row'),
      // Without bits, one row says that the outputs add up to the source.
      otherRows: bits === 0 ? 1 : 0,
    },
  ];
};
