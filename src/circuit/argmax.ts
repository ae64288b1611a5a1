import { type ArgmaxCarry, argmaxCarries, argmaxContests } from '../integer/argmax.ts';
import { lowerBound } from '../integer/bounds.ts';
import type { Contest } from '../integer/contest.ts';
import type { Argmax } from '../integer/integer-graph.ts';
import type { Builder } from './builder.ts';
import { outcomeCode } from './contest-outcome.ts';
import type { OutputWire } from './shared-wires.ts';
import { singleInstance, singleOutput } from './single-output.ts';

export const buildArgmax: Builder<Argmax> = (name, node, { bounds }) => {
  const outcome = argmaxContests(node, bounds);
  const args = {
    n: node.source.length,
    base: Array.from(node.source, (id) => lowerBound(bounds, id)),
    outcome: [0, ...outcome.map(outcomeCode)],
    keptBase: [0, ...outcome.map((c) => c.lo)],
  };
  return [
    {
      ...singleOutput(name, node, node.source),
      instances: () => singleInstance(args),
      outputWires: [wireOf(outcome, argmaxCarries(outcome))],
    },
  ];
};

/** The output is the last index: a wire, a sum of the last top bit, or the only index that the ranges leave. */
function wireOf(outcome: readonly Contest[], carries: readonly ArgmaxCarry[]): OutputWire {
  const last = outcome.findLast((c) => c.winner !== 'kept');
  if (last?.winner !== 'compare') return 'constant';
  return carries.at(-1)!.index ? 'auxiliary' : 'row';
}
