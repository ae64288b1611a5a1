import { describe, expect, it } from 'vitest';
import { halfBits, halfFromBits, roundsToAtLeast, roundTo } from '../../src/graph/float-precision.ts';
import { Dice } from './random-graph.ts';

/** Numbers of every size, exact halves between float16 neighbours among them. */
function samples(): number[] {
  const dice = new Dice(5);
  const random = Array.from({ length: 2000 }, () => dice.real(-1, 1) * 2 ** dice.int(-40, 20));
  const ties = Array.from({ length: 200 }, (_, k) => (1024 + k + 0.5) * 2 ** ((k % 30) - 26));
  return [
    ...random,
    ...ties,
    ...ties.map((x) => -x),
    0,
    -0,
    65504,
    65519.9,
    65520,
    1e300,
    2 ** -24,
    2 ** -25,
  ];
}

describe('roundTo', () => {
  it('rounds to float32 as Math.fround does', () => {
    for (const x of samples()) expect(roundTo('float32', x)).toBe(Math.fround(x));
    for (const x of [2 ** -149, 2 ** -150, 1e-45, 3.4e38, 3.5e38])
      expect(roundTo('float32', x)).toBe(Math.fround(x));
  });

  it('rounds to float16 and bfloat16, ties to even', () => {
    expect([2049, 2051, 65519.9, 65520, -65520].map((x) => roundTo('float16', x))).toEqual([
      ...[2048, 2052, 65504, Infinity, -Infinity],
    ]);
    expect([257, 259, 1 / 3].map((x) => roundTo('bfloat16', x))).toEqual([256, 260, 0.333984375]);
  });
});

describe('float16 bits', () => {
  it('every number is read and written as the same bits', () => {
    for (let bits = 0; bits < 2 ** 16; bits += 1) {
      const value = halfFromBits(bits);
      if (!Number.isNaN(value)) expect(halfBits(value)).toBe(bits);
    }
    expect(Number.isNaN(halfFromBits(halfBits(Number.NaN)))).toBe(true);
  });

  it('others are rounded', () => {
    for (const x of samples()) expect(halfFromBits(halfBits(x))).toBe(roundTo('float16', x));
  });
});

describe('roundsToAtLeast', () => {
  it.each(['float16', 'float32'] as const)('numbers above it round to %s ones that pass', (precision) => {
    for (const bound of samples().filter((x) => Math.abs(x) < 60000)) {
      const least = roundsToAtLeast(precision, bound);
      const step = Math.max(Math.abs(least) * 1e-12, 1e-60);
      expect(roundTo(precision, least + step)).toBeGreaterThanOrEqual(bound);
      expect(roundTo(precision, least - step)).toBeLessThan(bound);
    }
  });
});
