import { type ArgmaxCarry, argmaxCarries, argmaxContests } from '../integer/argmax.ts';
import { lowerBound } from '../integer/bounds.ts';
import type { Contest } from '../integer/contest.ts';
import type { Argmax } from '../integer/integer-graph.ts';
import type { Builder } from './builder.ts';
import { outcomeCode } from './contest-outcome.ts';
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
      outputRows: endsInIndexWire(outcome, argmaxCarries(outcome)) ? 0 : 1,
    },
  ];
};

/** Whether the output is the wire of the last index: then O1 merges the two, and the output costs nothing. */
function endsInIndexWire(outcome: readonly Contest[], carries: readonly ArgmaxCarry[]): boolean {
  const last = outcome.findLast((c) => c.winner !== 'kept');
  return last?.winner === 'compare' && carries.at(-1)!.index;
}
