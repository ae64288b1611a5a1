import { describe, expect, it } from 'vitest';
import { rowsOutside, splitRows } from '../../../src/compile/quality/split-rows.ts';
import { pseudoRandom } from '../../../src/data/pseudo-random.ts';

const rowsOf = (...values: number[]) => values.map((value) => Float64Array.of(value, 1));

describe('splitRows', () => {
  it('gives a third to calibration, and every row to one part', () => {
    const rows = rowsOf(...Array.from({ length: 900 }, (_, i) => i));
    const { calibration, heldOut } = splitRows(rows);
    expect([calibration.length, heldOut.length]).toEqual([300, 600]);
    expect([...calibration, ...heldOut].sort((a, b) => a - b)).toEqual(rows.map((_, i) => i));
    expect(heldOut).toEqual(heldOut.toSorted((a, b) => a - b));
  });

  it('does not depend on the order of the rows', () => {
    const values = Array.from({ length: 100 }, (_, i) => i / 7);
    const next = pseudoRandom();
    const mixed = values
      .map((value) => [next(), value] as const)
      .sort(([a], [b]) => a - b)
      .map(([, value]) => value);
    const parts = (own: readonly number[]) =>
      new Set(splitRows(rowsOf(...own)).heldOut.map((index) => own[index]));
    expect(parts(mixed)).toEqual(parts(values));
  });

  it('mixes a file that repeats a pattern', () => {
    const { calibration } = splitRows(rowsOf(...Array.from({ length: 300 }, (_, i) => i)));
    for (const period of [2, 3, 5, 10]) {
      const places = Array.from({ length: period }, (_, k) => calibration.filter((i) => i % period === k));
      for (const own of places) expect(own.length).toBeGreaterThan(100 / period / 2);
    }
  });

  it('counts copies of a row once, on one side', () => {
    const values = Array.from({ length: 12 }, (_, i) => i);
    const { calibration, heldOut } = splitRows(rowsOf(...values, ...values, ...values));
    expect([calibration.length, heldOut.length]).toEqual([10, 2]);
    expect([...calibration, ...heldOut].sort((a, b) => a - b)).toEqual(values);
  });

  it('calibrates on all of a few rows: one alone has no range', () => {
    expect(splitRows(rowsOf(1, 2))).toEqual({ calibration: [0, 1], heldOut: [] });
    expect(splitRows(rowsOf(...Array.from({ length: 10 }, (_, i) => i))).heldOut).toEqual([]);
  });

  it('takes 0 and −0 for the same value', () => {
    const { calibration, heldOut } = splitRows([Float64Array.of(0), Float64Array.of(-0)]);
    expect([calibration, heldOut]).toEqual([[0], []]);
  });
});

describe('rowsOutside', () => {
  it('holds out distinct rows that calibration has not seen', () => {
    expect(rowsOutside(rowsOf(1, 2), rowsOf(5, 1, 5, 6, 2))).toEqual([0, 3]);
  });
});
