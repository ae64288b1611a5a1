import type { InputInterface } from '@quietproof/verify';
import { describe, expect, it } from 'vitest';
import { encodeRows } from '../../src/prove/encode-rows.ts';

const input: InputInterface = {
  mode: 'digest',
  shape: [2],
  names: ['age', 'income'],
  encoding: { kind: 'affine', offset: ['18', '-1000'], step: ['0.5', '100'], max: ['127', '255'] },
};

describe('encodeRows', () => {
  it('rounds to the nearest integer and keeps the original row', () => {
    const [row] = encodeRows(input, [{ index: 4, values: [20.2, 0] }], false);
    expect(row).toEqual({ index: 4, integers: [4, 10], input: [20.2, 0] });
  });

  it('refuses a value outside the range, with row and feature', () => {
    const rows = [
      { index: 0, values: [20, 0] },
      { index: 7, values: [20, 99_999] },
    ];
    expect(() => encodeRows(input, rows, false)).toThrow(
      /QP6201.*99999.*row 7, feature 1, "income".*--clamp-inputs/,
    );
  });

  it('refuses a row of the wrong length without suggesting to clamp it', () => {
    expect(() => encodeRows(input, [{ index: 2, values: [1] }], false)).toThrow(/QP6201.*row 2\)$/);
  });

  it('clamps on request, and omits the original row', () => {
    const rows = [
      { index: 0, values: [-5, 99_999] },
      { index: 1, values: [20, 0] },
    ];
    expect(encodeRows(input, rows, true)).toEqual([
      { index: 0, integers: [0, 255] },
      { index: 1, integers: [4, 10], input: [20, 0] },
    ]);
  });

  it('refuses NaN even if it clamps', () => {
    expect(() => encodeRows(input, [{ index: 0, values: [Number.NaN, 0] }], true)).toThrow(/QP6201/);
  });
});
