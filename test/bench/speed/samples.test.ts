import { describe, expect, it } from 'vitest';
import { ratio, summarize, summaryOf } from '../../../bench/speed/samples.ts';

describe('summarize', () => {
  it('gives the median, not the mean, with the extremes', () => {
    expect(summarize([9, 1, 100, 2, 3])).toEqual({ median: 3, min: 1, max: 100, runs: 5 });
  });
});

describe('summaryOf', () => {
  it('reads one figure, and leaves out samples without it', () => {
    const samples = [{ proveMs: 4, checkMs: 1 }, { proveMs: 2 }, { proveMs: 3 }];
    expect(summaryOf(samples, 'proveMs')).toEqual({ median: 3, min: 2, max: 4, runs: 3 });
    expect(summaryOf(samples, 'checkMs')?.runs).toBe(1);
    expect(summaryOf(samples, 'witnessMs')).toBeUndefined();
  });
});

describe('ratio', () => {
  it('is that of the medians, with the extremes within one round', () => {
    expect(ratio([20, 40, 90], [10, 20, 30])).toEqual({ median: 2, min: 2, max: 3, runs: 3 });
  });

  it('pairs only the rounds that both have', () => {
    expect(ratio([100], [10, 20, 50])).toEqual({ median: 5, min: 10, max: 10, runs: 1 });
    expect(ratio([], [1])).toBeUndefined();
  });
});
