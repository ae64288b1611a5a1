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
      // The top bit, or the answer that the range decides.
      outputWires: [bits === 0 ? 'constant' : 'auxiliary'],
    },
  ];
};
