import { type Bounds, isAbsent, lowerBound } from '../integer/bounds.ts';
import type { Contest } from '../integer/contest.ts';
import type { IntegerMax } from '../integer/integer-graph.ts';
import { contests, windowOf } from '../integer/max.ts';
import type { Builder } from './builder.ts';
import { outcomeCode } from './contest-outcome.ts';
import { classify, type Instances } from './layer.ts';
import { copyOf, type OutputWire } from './shared-wires.ts';

/** A window of a max pool. At the border, where others have padding, it repeats its first source. */
interface Window {
  readonly places: readonly number[];
  readonly contests: readonly Contest[];
}

/** The output is the last larger value, or the only source that the ranges leave. */
function wireOf({ places, contests: outcome }: Window): OutputWire {
  const last = outcome.findLastIndex(({ winner }) => winner !== 'kept');
  return outcome[last]?.winner === 'compare' ? 'auxiliary' : copyOf(places[last + 1]!);
}

/** One position per window. */
export const buildMax: Builder<IntegerMax> = (name, node, { bounds }) => {
  const windows = Array.from({ length: node.count }, (_, i): Window => {
    const present = windowOf(node, i).filter((id) => !isAbsent(id));
    const places = Array.from({ length: node.taps }, (_, tap) => present[tap] ?? present[0]!);
    return { places, contests: contests(windowOf(node, i), bounds) };
  });
  return [
    {
      name,
      node,
      origin: node.origin,
      positions: node.count,
      inputs: node.taps,
      sources: Int32Array.from(windows.flatMap((window) => window.places)),
      outputs: 1,
      outputFirst: node.first,
      instances: () => maxInstances(node, windows, bounds),
      outputWires: windows.map(wireOf),
    },
  ];
};

function maxInstances(node: IntegerMax, windows: readonly Window[], bounds: Bounds): Instances {
  const padded = (entries: readonly number[]) =>
    Array.from({ length: node.taps }, (_, tap) => entries[tap] ?? 0);
  const { classOf, members } = classify(node.count, (position) => {
    const window = windows[position]!;
    return [
      window.places.map((id) => lowerBound(bounds, id)),
      padded([0, ...window.contests.map(outcomeCode)]),
      padded([0, ...window.contests.map((c) => c.lo)]),
      bounds.lo[node.first + position]!,
    ];
  });
  const names = ['base', 'outcome', 'keptBase', 'outBase'];
  const varying = names.map((argument, k) => ({
    name: argument,
    value: { byClass: members.map((member) => member[k]!) },
  }));
  return { args: [{ name: 'taps', value: { shared: node.taps } }, ...varying], classOf };
}
