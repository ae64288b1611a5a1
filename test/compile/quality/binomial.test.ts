import { describe, expect, it } from 'vitest';
import { flipUpperBound, roundUp, rowsToJudge } from '../../../src/compile/quality/binomial.ts';

/** scipy.stats.beta.ppf(0.95, count + 1, rows − count), SciPy 1.15. */
const BOUNDS = [
  [0, 598, 0.004997058694246506],
  [0, 597, 0.005005407993466689],
  [0, 45, 0.06440428880778348],
  [0, 1, 0.95],
  [1, 10, 0.39416330243650466],
  [3, 1000, 0.007735244718479458],
  [5, 667, 0.01569660504346686],
  [120, 1000, 0.1382394073960399],
  [9, 10, 0.9948838031081763],
  [250, 60000, 0.004625857503367977],
  [30000, 60000, 0.5033658246035209],
] as const;

describe('flipUpperBound', () => {
  it.each(BOUNDS)('is that of SciPy, rounded up: %i of %i rows', (count, rows, exact) => {
    const bound = flipUpperBound(count, rows);
    expect(bound).toBeGreaterThanOrEqual(exact);
    expect(bound).toBeLessThan(exact * 1.0011);
  });

  it('is 1 where every row flips', () => {
    expect(flipUpperBound(7, 7)).toBe(1);
  });

  it('rises with the flips and falls with the rows', () => {
    expect(flipUpperBound(1, 598)).toBeGreaterThan(0.005);
    expect(flipUpperBound(1, 947)).toBeLessThanOrEqual(0.005);
    expect(flipUpperBound(1, 946)).toBeLessThanOrEqual(flipUpperBound(1, 945));
  });
});

describe('rowsToJudge', () => {
  it.each([
    [0.005, 598],
    [0.01, 299],
    [0.05, 59],
    [0.5, 5],
    [1, 1],
  ])('is the fewest rows that can keep %d', (share, rows) => {
    expect(rowsToJudge(share)).toBe(rows);
    expect(flipUpperBound(0, rows)).toBeLessThanOrEqual(share);
    expect(rows === 1 || flipUpperBound(0, rows - 1) > share).toBe(true);
  });
});

describe('roundUp', () => {
  it.each([
    [0.0049970123, 0.004998],
    [0.12341, 0.1235],
    [0.99991, 1],
    [0.00099999, 0.001],
    [1234.5, 1235],
    [0.5, 0.5],
    [0, 0],
  ])('of %d is %d', (value, rounded) => {
    expect(roundUp(value)).toBe(rounded);
  });
});
