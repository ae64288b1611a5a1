import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeInputs } from '../../src/quantize/input-encoding.ts';

const rowsOf = (...rows: number[][]) => rows.map((row) => Float64Array.from(row));

describe('encodeInputs', () => {
  it('encodes pixels exactly, on the grid of their values', () => {
    const rows = rowsOf([0, 1 / 16, 0.5, 1], [0.25, 0.75, 15 / 16, 0]);
    const { offset, step, max } = encodeInputs(rows, [2, 2], 8, 'public');
    expect(Array.from(offset)).toEqual([0, 0, 0, 0]);
    expect(Array.from(step)).toEqual([1 / 16, 1 / 16, 1 / 16, 1 / 16]);
    expect(Array.from(max)).toEqual([16, 16, 16, 16]);
  });

  it('recognizes a grid despite float32 rounding', () => {
    const rows = rowsOf(Array.from({ length: 256 }, (_, i) => Math.fround(i / 255)));
    const { step, max } = encodeInputs(rows, [256], 8, 'digest');
    expect(max[0]).toBe(255);
    rows[0]!.forEach((value, i) => {
      expect(Math.floor(value / step[i]! + 0.5)).toBe(i);
    });
  });

  it('rounds the range of a digest up to whole bits, as the circuit enforces it', () => {
    const rows = rowsOf([0, 1 / 16, 0.5, 1]);
    expect(encodeInputs(rows, [4], 8, 'digest').max[0]).toBe(31);
    expect(encodeInputs(rows, [4], 4, 'digest').max[0]).toBe(15);
  });

  it('gives each feature of tabular data its own scale', () => {
    const rows = rowsOf([0.01, 1000, 0, -1], [0.05, 4254, 1, 3], [0.03, 2000, 0, 0.2]);
    const { offset, step, max } = encodeInputs(rows, [4], 8, 'digest');
    expect(Array.from(max)).toEqual([255, 255, 1, 255]);
    expect(step[2]).toBe(1);
    rows.forEach((row) => {
      row.forEach((value, i) => {
        const integer = Math.floor((value - offset[i]!) / step[i]! + 0.5);
        expect(integer).toBeGreaterThanOrEqual(0);
        expect(integer).toBeLessThanOrEqual(max[i]!);
        expect(Math.abs(offset[i]! + step[i]! * integer - value)).toBeLessThanOrEqual(step[i]! / 2 + 1e-12);
      });
    });
  });

  it('adds a margin to both sides of a continuous feature, but not below 0 if no value is negative', () => {
    const { offset, step, max } = encodeInputs(
      rowsOf([1, -8, 0], [9, 8, Math.SQRT2], [5, Math.PI, 7]),
      [3],
      8,
      'digest',
    );
    expect([offset[0], offset[1], offset[2]]).toEqual([0, -10, 0]);
    expect(offset[0]! + step[0]! * max[0]!).toBeCloseTo(10, 9);
    expect(offset[1]! + step[1]! * max[1]!).toBeCloseTo(10, 9);
  });

  it('allows a 1 in a one-hot column that was always 0', () => {
    const { offset, step, max } = encodeInputs(rowsOf([0, 3.7], [0, 1.2]), [2], 8, 'digest');
    expect([offset[0], step[0], max[0]]).toEqual([0, 1, 1]);
  });

  it('prefers declared ranges to those of the rows', () => {
    const declared = [{ min: -10, max: 245 }, undefined];
    const { offset, step, max } = encodeInputs(
      rowsOf([1, 2.5], [3, 1.25], [4, Math.E]),
      [2],
      8,
      'public',
      declared,
    );
    expect([offset[0], step[0], max[0]]).toEqual([-10, 1, 255]);
    expect(offset[1]).toBeLessThan(1.25);
  });

  it('contains every calibration row, within half a step, at any width', () => {
    const values = fc.array(
      fc.integer({ min: -1e9, max: 1e9 }).map((value) => value / 1024),
      { minLength: 3, maxLength: 3 },
    );
    fc.assert(
      fc.property(
        fc.array(values, { minLength: 2, maxLength: 20 }),
        fc.integer({ min: 2, max: 8 }),
        (data, bits) => {
          const { offset, step, max } = encodeInputs(rowsOf(...data), [3], bits, 'digest');
          for (const row of data) {
            row.forEach((value, i) => {
              const integer = Math.floor((value - offset[i]!) / step[i]! + 0.5);
              if (integer < 0 || integer > max[i]!) expect.fail(`${value} becomes ${integer} of ${max[i]}`);
            });
          }
          expect(max.every((m) => m <= 2 ** bits - 1)).toBe(true);
        },
      ),
      { numRuns: 300, seed: 4 },
    );
  });
});
