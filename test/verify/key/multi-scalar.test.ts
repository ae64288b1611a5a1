import { bn254 } from '@noble/curves/bn254.js';
import { R } from '@quietproof/verify';
import { expect, test } from 'vitest';
import { sumOfProducts } from '../../../src/verify/key/multi-scalar.ts';

const { BASE, ZERO } = bn254.G1.Point;

test.each([
  [1, [5n]],
  [3, [0n, 1n, 255n]],
  [20, [R - 1n, 2n ** 128n, 7n, 0n]],
  [400, [255n, 1n, 0n, 130n, 4294967295n]],
])('sums %i products as one by one', (count, scalars) => {
  const points = Array.from({ length: count }, (_, i) => BASE.multiplyUnsafe(BigInt(i * 7 + 1)));
  const given = points.map((_, i) => scalars[i % scalars.length]!);
  const expected = points.reduce((sum, point, i) => sum.add(point.multiplyUnsafe(given[i]!)), ZERO);
  expect(sumOfProducts(points as never, given).equals(expected as never)).toBe(true);
});

test('an empty sum, and a sum of zeros, is zero', () => {
  expect(sumOfProducts([], []).is0()).toBe(true);
  expect(sumOfProducts([BASE] as never, [0n]).is0()).toBe(true);
});
