import { expect, it } from 'vitest';
import { float32OfRank, float32Rank, RANKS } from '../../src/graph/float32.ts';

const SMALLEST = 2 ** -149;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

it('ranks float32 numbers in order and without gaps', () => {
  const sorted = [-Infinity, -LARGEST, -1, -SMALLEST, 0, SMALLEST, 1, LARGEST, Infinity];
  const ranks = sorted.map(float32Rank);
  expect(ranks.toSorted((a, b) => a - b)).toEqual(ranks);
  expect(ranks.map(float32OfRank)).toEqual(sorted);
  expect([ranks[0], float32Rank(-0), ranks.at(-1)]).toEqual([RANKS.lowest, RANKS.zero, RANKS.highest]);
  expect(ranks[1]! - ranks[0]!).toBe(1);
  expect(ranks[5]! - ranks[3]!).toBe(2);
  expect(float32OfRank(float32Rank(1) + 1)).toBe(1 + 2 ** -23);
  expect(float32OfRank(float32Rank(1) - 1)).toBe(1 - 2 ** -24);
});
