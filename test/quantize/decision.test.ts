import { describe, expect, it } from 'vitest';
import type { GraphOutput } from '../../src/graph/float-graph.ts';
import { chooseDecision, logitThreshold } from '../../src/quantize/decision.ts';

const output = (scores: number, head: GraphOutput['head']): GraphOutput => ({
  name: 'out',
  tensor: 'out',
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
    expect(chooseDecision(output(3, 'sigmoid'), {})).toEqual({ kind: 'threshold', threshold: 0.5 });
  });

  it.each([
    ['a label of one score without a threshold', output(1, 'none'), { output: 'label' as const }, 'QP3004'],
    ['more labels than a proof states', output(1025, 'sigmoid'), { output: 'label' as const }, 'QP3004'],
    ['a threshold of several scores', output(3, 'none'), { threshold: 0.5 }, 'QP3005'],
    ['a probability of 0', output(1, 'sigmoid'), { threshold: 0 }, 'QP3005'],
    [
      'a probability that float32 sigmoids do not tell from 0',
      output(1, 'sigmoid'),
      { threshold: 1e-6 },
      'QP3005',
    ],
    ['a probability that they do not tell from 1', output(1, 'sigmoid'), { threshold: 0.999999 }, 'QP3005'],
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
  it('is where the sigmoid, rounded to float32, first passes', () => {
    for (const p of [0.5, 0.001, 0.1, 0.25, 0.7, 0.999, 1e-5, 1 - 1e-5]) {
      const bound = logitThreshold(output(1, 'sigmoid'), p);
      const step = 1e-6 * Math.max(1, Math.abs(bound));
      const sigmoid = (x: number) => Math.fround(1 / (1 + Math.exp(-x)));
      // Near 1 the numbers of float32 are 6e-8 apart, which is a step of 6e-8 / (p · (1 − p)) of the logit.
      const room = 2 ** -24 / (p * (1 - p));
      expect(sigmoid(bound + step)).toBeGreaterThanOrEqual(p);
      expect(sigmoid(bound - step - room)).toBeLessThan(p);
    }
  });

  it('lets a score pass that rounds to the threshold', () => {
    // sigmoid(−5.96e-8) is 0.49999998509… and rounds to 0.5 in float32, as in ONNX Runtime.
    expect(logitThreshold(output(1, 'sigmoid'), 0.5)).toBeCloseTo(-(2 ** -24), 12);
    expect(logitThreshold(output(1, 'none'), 150)).toBe(150 - 2 ** -17);
    expect(logitThreshold({ head: 'none', precision: 'float64' }, 0.1)).toBe(0.1);
    expect(logitThreshold({ head: 'none', precision: 'float16' }, 1)).toBe(1 - 2 ** -12);
    // 0.9 lies between the float16 numbers 0.89990 and 0.90039.
    const half = logitThreshold({ head: 'sigmoid', precision: 'float16' }, 0.9);
    expect(half).toBeGreaterThan(Math.log(0.9 / 0.1));
  });

  it('does not put a whole score above an equal threshold, as 0.07 / 0.01 > 7 would', () => {
    expect(Math.ceil(0.07 / 0.01)).toBe(8);
    expect(Math.ceil(logitThreshold(output(1, 'none'), 0.07) / 0.01)).toBe(7);
  });
});
