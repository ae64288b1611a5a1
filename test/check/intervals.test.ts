import { describe, expect, it } from 'vitest';
import { proveDeterminism } from '../../src/check/determinism.ts';
import { propagateIntervals } from '../../src/check/interval-propagation.ts';
import { boolean, type Sum, systemOf } from './constraints-of.ts';

/** Intervals of the wires. If `enforced`, verifiers hold wire 1, an input, in 0 … 100. */
function intervals(wires: number, enforced: boolean, ...rows: readonly (readonly [Sum, Sum, Sum])[]) {
  const system = systemOf({ wires }, ...rows);
  const ranges = new Map(enforced ? [[1, { lo: 0, hi: 100 }]] : []);
  return propagateIntervals(system, proveDeterminism(system), ranges);
}

const FOUR_BITS: [Sum, Sum, Sum][] = [2, 3, 4, 5].map((wire) => [...boolean(wire)] as [Sum, Sum, Sum]);
const SUM: [Sum, Sum, Sum] = [{}, {}, { 1: 1, 2: -1, 3: -2, 4: -4, 5: -8 }];

describe('interval propagation', () => {
  it('takes ranges of inputs from their own digits', () => {
    const { lo, hi, wrapping } = intervals(6, false, ...FOUR_BITS, SUM);
    expect([lo[1], hi[1]]).toEqual([0, 15]);
    expect(wrapping).toEqual([]);
  });

  it('carries ranges through sums and products', () => {
    const product: [Sum, Sum, Sum] = [{ 1: 1, 0: -50 }, { 1: 2 }, { 2: 1 }];
    const sum: [Sum, Sum, Sum] = [{}, {}, { 2: -1, 1: 3, 3: 1 }];
    const { lo, hi, integerRows } = intervals(4, true, product, sum);
    expect([lo[2], hi[2]]).toEqual([-10_000, 10_000]);
    expect([lo[3], hi[3]]).toEqual([-10_300, 10_000]);
    expect(integerRows).toBe(2);
  });

  it('reports digits of something that nothing bounds', () => {
    const square: [Sum, Sum, Sum] = [{ 1: 1 }, { 1: 1 }, { 6: 1 }];
    const digits: [Sum, Sum, Sum] = [{}, {}, { 6: 1, 2: -1, 3: -2, 4: -4, 5: -8 }];
    const { wrapping, lo } = intervals(7, false, square, ...FOUR_BITS, digits);
    expect(lo[6]).toBeNaN();
    expect(wrapping).toEqual([{ row: 5, wire: 6 }]);
  });

  it('gives up on magnitudes near r instead of reducing them', () => {
    const big: [Sum, Sum, Sum] = [{}, {}, { 1: 2n ** 249n, 2: -1 }];
    expect(intervals(3, true, big).lo[2]).toBeNaN();
  });
});
