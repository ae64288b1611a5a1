import { lowerBound } from '../integer/bounds.ts';
import type { Threshold } from '../integer/integer-graph.ts';
import { thresholdBits } from '../integer/threshold.ts';
import type { Builder } from './builder.ts';
import { singleInstance, singleOutput } from './single-output.ts';

export const buildThreshold: Builder<Threshold> = (name, node, { bounds }) => {
  const bits = thresholdBits(node, bounds);
  const args = {
    base: lowerBound(bounds, node.source),
    threshold: node.threshold,
    bits,
    always: bounds.hi[node.first]!,
  };
  return [
    {
      ...singleOutput(name, node, Int32Array.of(node.source)),
      instances: () => singleInstance(args),
      // The output is the top bit, and `--O1` merges the two. Without bits, one constraint fixes the constant.
      outputRows: bits === 0 ? 1 : 0,
    },
  ];
};
