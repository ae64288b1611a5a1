import { describe, expect, it } from 'vitest';
import type { EffectiveLinear } from '../../src/quantize/effective-linear.ts';
import { accumulatorScale } from '../../src/quantize/weight-scale.ts';

function dense(weights: number[], reach: number[] = weights.map(() => 1)): EffectiveLinear {
  return {
    blocks: [
      {
        rows: 1,
        positions: 1,
        taps: weights.length,
        weights: Float64Array.from(weights),
        gather: Int32Array.from(weights.keys()),
        reach: Float64Array.from(reach),
        largest: Float64Array.from(reach, (own) => 255 * own),
      },
    ],
    diagonals: [],
    bias: new Float64Array(1),
  };
}

describe('accumulatorScale', () => {
  it('is the finest power of two at which the weights fit', () => {
    const scale = accumulatorScale(dense([0.3, -0.9, 0.05]), 8);
    expect(scale).toBe(2 ** -7);
    expect(Math.abs(-0.9 / scale)).toBeLessThanOrEqual(127);
    expect(Math.abs(-0.9 / (scale / 2))).toBeGreaterThan(127);
  });

  it('rounds nothing if all coefficients are powers of two times the smallest: sums, pools, residuals', () => {
    expect(accumulatorScale(dense([0.25, -0.5, 0.25]), 4)).toBe(0.25);
    expect(accumulatorScale(dense([1 / 255, 1 / 255]), 4)).toBe(1 / 255);
  });

  it('gives a weight on a narrow input more bits', () => {
    const wide = accumulatorScale(dense([0.01, 3.3]), 8);
    const narrow = accumulatorScale(dense([0.01, 3.3], [1, 1 / 255]), 8);
    expect(narrow).toBeLessThan(wide / 100);
  });

  it('gives constants alone as many bits as weights, and nothing at all a scale of 1', () => {
    expect(accumulatorScale({ ...dense([0, 0]), bias: Float64Array.of(0.4, -0.01) }, 8)).toBe(2 ** -8);
    expect(accumulatorScale(dense([0, 0]), 8)).toBe(1);
  });
});
