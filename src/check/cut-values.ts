import type { IntegerGraph } from '../integer/integer-graph.ts';

/** By input: the constants that thermometers compare it with. Values at and just below them tell cuts apart. */
export function cutsOfInputs({ input, nodes }: IntegerGraph): ReadonlyMap<number, Float64Array> {
  const cuts = new Map<number, Float64Array>();
  for (const node of nodes) {
    if (node.op === 'thermometer' && node.source < input.count) cuts.set(node.source, node.cuts);
  }
  return cuts;
}

/** One of the cuts, or the value below it. */
export function besideCut(cuts: Float64Array, random: () => number): number {
  const cut = cuts[Math.floor(random() * cuts.length)]!;
  return random() < 0.5 ? cut : cut - 1;
}
