import { describe, expect, it } from 'vitest';
import type { IntegerLinear } from '../../src/integer/integer-graph.ts';
import type { Decision } from '../../src/quantize/decision.ts';
import type { LoweredGraph } from '../../src/quantize/lower/context.ts';
import { withOwnWires } from '../../src/quantize/shared-wires.ts';

const LOGITS: Decision = { kind: 'logits' };

/** Two inputs, and an output that is their multiples plus a constant. */
function lowered(weights: readonly [number, number]): LoweredGraph {
  const node: IntegerLinear = {
    ...{
      op: 'linear',
      name: 'y',
      origin: ['BatchNormalization'],
      first: 2,
      count: 2,
      scale: 0.5,
      blocks: [],
    },
    diagonals: [{ weights: Float64Array.from(weights), source: Int32Array.of(0, 1) }],
    bias: Float64Array.of(7, -3),
  };
  const coding = { kind: 'affine', offset: 0, step: 0.5 } as const;
  const input = { name: 'x', shape: [2], count: 2, codings: [coding, coding], max: Int32Array.of(255, 255) };
  const outputs = [{ logits: Int32Array.of(2, 3), scale: 0.5 }];
  return { input, nodes: [node], outputs, ownScales: new Map() } as unknown as LoweredGraph;
}

describe('an output that repeats an input', () => {
  it('is stated in half the steps', () => {
    const { nodes, outputs } = withOwnWires(lowered([3, 1]), [LOGITS]);
    expect(outputs[0]).toMatchObject({ logits: Int32Array.of(4, 5), scale: 0.25 });
    const added = nodes.at(-1) as IntegerLinear;
    expect(added).toMatchObject({ op: 'linear', first: 4, count: 2, scale: 0.25 });
    expect(added.diagonals).toEqual([{ weights: Float64Array.of(2, 2), source: Int32Array.of(2, 3) }]);
  });

  it('stays as it is where no value repeats an input, and where the output is a label', () => {
    const [multiples, copies] = [lowered([3, 2]), lowered([1, 1])];
    expect(withOwnWires(multiples, [LOGITS])).toEqual(multiples);
    expect(withOwnWires(copies, [{ kind: 'argmax' }])).toBe(copies);
  });
});
