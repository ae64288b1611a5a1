import { type AnyInterface, MAX_CONTEXT, R, readingOf } from '@quietproof/verify';
import { describe, expect, it } from 'vitest';
import { encodeRows } from '../../src/prove/encode-rows.ts';

const [mode, shape, names] = ['digest', [2], ['age', 'income']] as const;
const groups = { offset: ['18', '-1000'], step: ['0.5', '100'], max: ['127', '255'] };
const context = { encoding: 'quietproof/context/v1' } as const;

/** The same input in both versions of the format. */
const FACES: readonly AnyInterface[] = [
  {
    version: 'quietproof/interface/v1',
    name: 'loan',
    output: { kind: 'threshold', threshold: '0', head: 'none' },
    input: { mode, shape, names, encoding: { kind: 'affine', ...groups } },
    context,
    signals: [
      { role: 'output', count: 1, max: '1' },
      { role: 'digest', count: 1, max: String(R - 1n) },
      { role: 'context', count: 1, max: String(MAX_CONTEXT) },
    ],
  },
  {
    version: 'quietproof/interface/v2',
    name: 'loan',
    weights: { kind: 'constants' },
    outputs: [{ kind: 'score', name: 'score', lo: '-3', max: '7', scale: '1', head: 'none' }],
    input: {
      mode,
      parts: [{ name: 'x', shape, names, encoding: { kind: 'affine', axes: [0], ...groups } }],
    },
  },
];

describe.each(FACES)('encodeRows by $version', (face) => {
  const { input } = readingOf(face);

  it('rounds to the nearest integer and keeps the original row', () => {
    const [row] = encodeRows(input, [{ index: 4, values: [20.2, 0] }], false);
    expect(row).toEqual({ index: 4, integers: [4, 10], input: [20.2, 0] });
  });

  it('refuses a value off a declared grid instead of rounding it', () => {
    const rows = [
      { index: 0, values: [20, 50] },
      { index: 7, values: [20.2, 100] },
    ];
    expect(encodeRows(input, rows, false, ['shown', 'none'])).toHaveLength(2);
    expect(() => encodeRows(input, rows, false, ['declared', 'none'])).toThrow(
      /^QP1117 20.2 is none of the values that the card declares, of which 20 is the nearest \(row 7, feature 0, "age"/,
    );
    expect(() => encodeRows(input, rows, true, 'declared')).toThrow(/^QP1117 50 .*row 0, feature 1/);
    // What float32 rounding makes of a value on the grid.
    expect(encodeRows(input, [{ index: 0, values: [20.5000001, 100] }], false, 'declared')).toHaveLength(1);
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
