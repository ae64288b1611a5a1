import { describe, expect, it } from 'vitest';
import { measureAccuracy } from '../../../src/compile/reference/accuracy.ts';

const rows = (...values: number[][]) => values.map((row) => Float64Array.from(row));

describe('measureAccuracy', () => {
  it('counts flips and hits, the lowest index winning a tie', () => {
    const accuracy = measureAccuracy({
      float: rows([2, 1], [1, 2], [1, 1], [0, 3]),
      integer: rows([2, 1.5], [2, 2], [1, 1.5], [0, 3]),
      head: 'none',
      decision: 'argmax',
      labels: [0, 1, 0, 0],
    });
    expect(accuracy).toEqual({
      rows: 4,
      floatAccuracy: 3 / 4,
      integerAccuracy: 1 / 4,
      labelFlips: 2,
      flipRate: 0.5,
      maxAbsError: 1,
      meanAbsError: 2 / 8,
    });
  });

  it('takes a threshold as reached, on the probability and on the logit', () => {
    const probability = 1 / (1 + Math.exp(-1));
    const accuracy = measureAccuracy({
      float: rows([0.5], [0.49], [probability]),
      integer: rows([0], [0], [1]),
      head: 'sigmoid',
      decision: { threshold: 0.5 },
    });
    expect(accuracy).toMatchObject({ rows: 3, labelFlips: 1, flipRate: 1 / 3 });
    expect(accuracy.floatAccuracy).toBeUndefined();
    expect(accuracy.maxAbsError).toBeCloseTo(0.01, 12);
  });

  it('moves a threshold on a probability to the logits', () => {
    const threshold = 0.9;
    const accuracy = measureAccuracy({
      float: rows([0.91], [0.89], [0.91]),
      integer: rows([2.2], [2.19], [2.19]),
      head: 'sigmoid',
      decision: { threshold },
      labels: [1, 0, 1],
    });
    // ln 9 = 2.197…
    expect(accuracy).toMatchObject({ labelFlips: 1, floatAccuracy: 1, integerAccuracy: 2 / 3 });
  });

  it('compares a plain score with the threshold as it is', () => {
    const accuracy = measureAccuracy({
      float: rows([3], [2.9]),
      integer: rows([3], [3]),
      head: 'none',
      decision: { threshold: 3 },
    });
    expect(accuracy.labelFlips).toBe(1);
  });

  it('measures errors behind a softmax and a log-softmax', () => {
    const logits = [1, 3, 2];
    const total = logits.reduce((sum, x) => sum + Math.exp(x), 0);
    const softmax = logits.map((x) => Math.exp(x) / total);
    for (const float of [softmax, softmax.map(Math.log)]) {
      const { maxAbsError, labelFlips } = measureAccuracy({
        float: rows(float),
        integer: rows(logits.map((x) => x + 1000)),
        head: 'softmax',
        decision: 'argmax',
      });
      expect(maxAbsError).toBeLessThan(1e-12);
      expect(labelFlips).toBe(0);
    }
  });

  it('has labels alone where the float model ends in an argmax', () => {
    const accuracy = measureAccuracy({
      float: rows([1], [0]),
      integer: rows([0, 1, 0], [0, 0, 1]),
      head: 'argmax',
      decision: 'argmax',
      labels: [1, 2],
    });
    expect(accuracy).toEqual({
      rows: 2,
      floatAccuracy: 0.5,
      integerAccuracy: 1,
      labelFlips: 1,
      flipRate: 0.5,
    });
  });

  it('has errors alone where nothing is decided', () => {
    expect(measureAccuracy({ float: rows([1, 2]), integer: rows([1.5, 2]), head: 'none' })).toEqual({
      rows: 1,
      maxAbsError: 0.5,
      meanAbsError: 0.25,
    });
  });
});
