import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeInputs, type InputOptions } from '../../src/quantize/input-encoding.ts';
import { Dice } from '../graph/random-graph.ts';
import { stepsOf } from '../support/affine-codings.ts';

const rowsOf = (...rows: number[][]) => rows.map((row) => Float64Array.from(row));
/** The same rows as often as it takes to show a grid. */
const often = (...rows: number[][]) => rowsOf(...Array.from({ length: 250 }, () => rows).flat());

/** Every feature has its own step, unless groups are given. */
function encode(rows: readonly Float64Array[], options: Partial<InputOptions> = {}) {
  const groups = Int32Array.from(rows[0]!.keys());
  const encoding = encodeInputs(rows, { groups, bits: 8, mode: 'public', ...options });
  return { ...encoding, ...stepsOf(encoding) };
}

describe('a grid of input values', () => {
  it('is kept where many rows show it: pixels', () => {
    const { offset, step, max, grid } = encode(often([0, 1 / 16, 0.5, 1], [0.25, 0.75, 15 / 16, 0]));
    expect(Array.from(offset)).toEqual([0, 0, 0, 0]);
    expect(Array.from(step)).toEqual([1 / 16, 1 / 16, 1 / 16, 1 / 16]);
    expect(Array.from(max)).toEqual([16, 16, 16, 16]);
    expect(grid).toEqual(['shown', 'shown', 'shown', 'shown']);
  });

  it('is recognized despite float32 rounding', () => {
    const rows = often(Array.from({ length: 256 }, (_, i) => Math.fround(i / 255)));
    const { step, max } = encode(rows, { mode: 'digest' });
    expect(max[0]).toBe(255);
    rows[0]!.forEach((value, i) => {
      expect(Math.floor(value / step[i]! + 0.5)).toBe(i);
    });
  });

  it('is not guessed from a few rows: two values are no one-bit input', () => {
    const { max, step, grid } = encode(rowsOf([0.1, -3, 7], [0.9, 5, 7]));
    expect(Array.from(max)).toEqual([255, 255, 255]);
    expect(step[0]).toBeLessThan(0.8 / 100);
    expect(grid).toEqual(['none', 'none', 'none']);
    const tenths = rowsOf([0.1, 0.3], [0.9, 0.6], [0.2, 0.1]);
    expect(encode(tenths).grid).toEqual(['none', 'none']);
  });

  it('has one bit for a column of two values, and for one that was never set, in many rows', () => {
    const { offset, step, max, grid } = encode(often([0, 0.123, 0], [3, 0.456, 0], [0, 7.89, 0]));
    expect([max[0], max[1], max[2]]).toEqual([1, 255, 1]);
    expect([offset[2], step[2], step[0]]).toEqual([0, 1, 3]);
    expect(encode(often([2], [2])).grid).toEqual(['none']);
    expect(grid).toEqual(['shown', 'none', 'shown']);
  });

  it('is exact where a card declares it, whatever the bits and the rows', () => {
    const declared = [{ min: 0, max: 1000, step: 0.5 }, undefined];
    const { offset, step, max, grid } = encode(rowsOf([1.5, 2.5], [3, 1.25]), { bits: 4, declared });
    expect([offset[0], step[0], max[0]]).toEqual([0, 0.5, 2000]);
    expect(grid).toEqual(['declared', 'none']);
  });

  it('is refused where features that share a step are declared differently', () => {
    const rows = rowsOf([1, 2], [2, 3]);
    const of = (...steps: (number | undefined)[]) =>
      steps.map((step) => ({ min: 0, max: 8, ...(step !== undefined && { step }) }));
    const groups = Int32Array.of(0, 0);
    for (const declared of [of(1, 2), of(1, undefined), [of(1)[0], undefined]]) {
      expect(() => encode(rows, { groups, declared })).toThrow(expect.objectContaining({ code: 'QP3017' }));
    }
    expect(encode(rows, { groups, declared: of(1, 1) }).grid).toEqual(['declared', 'declared']);
  });
});

describe('encodeInputs', () => {
  it('rounds the range of a digest up to whole bits, as the circuit enforces it', () => {
    const rows = often([0, 1 / 16, 0.5, 1]);
    expect(encode(rows, { mode: 'digest' }).max[0]).toBe(31);
    expect(encode(rows, { bits: 4, mode: 'digest' }).max[0]).toBe(15);
  });

  it('gives each feature of tabular data its own scale', () => {
    const rows = often([0.01, 1000, 0, -1], [0.05, 4254, 1, 3], [0.03, 2000, 0, 0.2]);
    const { offset, step, max } = encode(rows, { mode: 'digest' });
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
    const { offset, step, max } = encode(rowsOf([1, -8, 0], [9, 8, Math.SQRT2], [5, Math.PI, 7]));
    expect([offset[0], offset[1], offset[2]]).toEqual([0, -10, 0]);
    expect(offset[0]! + step[0]! * max[0]!).toBeCloseTo(10, 9);
    expect(offset[1]! + step[1]! * max[1]!).toBeCloseTo(10, 9);
  });

  it('lets a column vary that was always the same, and keeps the value it had exact', () => {
    const { offset, step, max } = encode(rowsOf([0, 3.5, -2], [0, 3.5, -2]));
    const range = (i: number) => [offset[i], offset[i]! + step[i]! * max[i]!];
    expect([range(0), range(1), range(2)]).toEqual([
      [0, 1],
      [3.5, 7],
      [-2, 0],
    ]);
    [0, 3.5, -2].forEach((value, i) => {
      expect(Number.isInteger((value - offset[i]!) / step[i]!)).toBe(true);
    });
  });

  it('gives one encoding to the features of a group, from the values of all of them', () => {
    const dice = new Dice(5);
    const rows = Array.from({ length: 30 }, () =>
      Float64Array.of(dice.real(0, 1), 1e5 + dice.real(0, 1), dice.real(0, 1)),
    );
    const { offset, step, max } = encode(rows, { groups: Int32Array.of(0, 1, 0) });
    expect([offset[0], step[0], max[0]]).toEqual([offset[2], step[2], max[2]]);
    expect(step[1]).toBeLessThan(2 / 255);
    expect(step[0]).toBeLessThan(2 / 255);
  });

  it('counts declared ranges by feature, and in a group the widest', () => {
    const rows = rowsOf([1, 2, 3], [2, 3, 4.5]);
    const declared = [{ min: 0, max: 2.55 }, { min: -255, max: 255 }, undefined];
    const own = encode(rows, { declared });
    expect(own.step[0]).toBeCloseTo(0.01, 12);
    expect(own.step[1]).toBe(2);
    const shared = encode(rows, { declared, groups: Int32Array.of(0, 1, 0) });
    expect([shared.offset[0], shared.step[0]! * 255]).toEqual([0, 4.5]);
    expect(shared.step[2]).toBe(shared.step[0]);
  });

  it('prefers declared ranges to those of the rows', () => {
    const declared = [{ min: -10, max: 245 }, undefined];
    const { offset, step, max } = encode(rowsOf([1, 2.5], [3, 1.25], [4, Math.E]), { declared });
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
          const { offset, step, max } = encode(rowsOf(...data), { bits, mode: 'digest' });
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

describe('ranked features', () => {
  const rank = { kind: 'rank32', nan: 'refused' } as const;

  it('need no calibration, and leave the others theirs', () => {
    const rows = rowsOf([0.1, 5, 1e30], [0.9, 6, Number.NEGATIVE_INFINITY]);
    const groups = Int32Array.of(0, 1, 2);
    const found = encodeInputs(rows, { groups, bits: 8, mode: 'digest', ranked: [undefined, rank, rank] });
    const alone = encodeInputs(rowsOf([0.1], [0.9]), { groups: [0], bits: 8, mode: 'digest' });
    expect(found.codings).toEqual([alone.codings[0], rank, rank]);
    expect(Array.from(found.max)).toEqual([255, 4278190080, 4278190080]);
  });

  it('may be all of them', () => {
    const coded = { kind: 'rank32', nan: 'coded' } as const;
    const found = encodeInputs(rowsOf([Number.NaN]), {
      groups: [0],
      bits: 8,
      mode: 'public',
      ranked: [coded],
    });
    expect(found).toEqual({ codings: [coded], max: Float64Array.of(4278190081), grid: ['none'] });
  });
});
