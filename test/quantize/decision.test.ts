import { describe, expect, it } from 'vitest';
import type { GraphOutput } from '../../src/graph/float-graph.ts';
import { chooseDecision, logitThreshold } from '../../src/quantize/decision.ts';

const output = (scores: number, head: GraphOutput['head']): GraphOutput => ({
  name: 'out',
  shape: [scores],
  values: Int32Array.from({ length: scores }, (_, i) => i),
  head,
});

describe('chooseDecision', () => {
  it('proves the label of a classifier, else the logits', () => {
    expect(chooseDecision(output(10, 'none'), {})).toEqual({ kind: 'argmax' });
    expect(chooseDecision(output(2, 'softmax'), {})).toEqual({ kind: 'argmax' });
    expect(chooseDecision(output(1, 'sigmoid'), {})).toEqual({ kind: 'threshold', threshold: 0.5 });
    expect(chooseDecision(output(1, 'none'), {})).toEqual({ kind: 'logits' });
    expect(chooseDecision(output(1, 'none'), { threshold: 150 })).toEqual({
      kind: 'threshold',
      threshold: 150,
    });
    expect(chooseDecision(output(10, 'argmax'), { output: 'logits' })).toEqual({ kind: 'logits' });
  });

  it.each([
    ['a label of one score without a threshold', output(1, 'none'), { output: 'label' as const }, 'QP3004'],
    ['one label of several sigmoids', output(3, 'sigmoid'), { output: 'label' as const }, 'QP3004'],
    ['a threshold of several scores', output(3, 'none'), { threshold: 0.5 }, 'QP3005'],
    ['a probability of 0', output(1, 'sigmoid'), { threshold: 0 }, 'QP3005'],
    ['a threshold that is NaN', output(1, 'none'), { threshold: Number.NaN }, 'QP3005'],
    [
      'a threshold with logits',
      output(1, 'sigmoid'),
      { threshold: 0.5, output: 'logits' as const },
      'QP3005',
    ],
  ])('refuses %s', (_, graphOutput, options, code) => {
    expect(() => chooseDecision(graphOutput, options)).toThrow(expect.objectContaining({ code }));
  });
});

describe('logitThreshold', () => {
  it('inverts a sigmoid to a relative error of 1e-7', () => {
    for (const p of [0.5, 0.001, 0.1, 0.25, 0.7, 0.999, 1e-9, 1 - 1e-9]) {
      const exact = Math.log(p / (1 - p));
      expect(Math.abs(logitThreshold(output(1, 'sigmoid'), p) - exact)).toBeLessThanOrEqual(
        1e-7 * Math.abs(exact),
      );
    }
    expect(logitThreshold(output(1, 'sigmoid'), 0.5)).toBe(0);
    expect(logitThreshold(output(1, 'none'), 150)).toBe(150);
  });
});
