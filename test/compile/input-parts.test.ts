import { categoryEncoding, featuresOf, type InterfaceV2, readingOf } from '@quietproof/verify';
import { describe, expect, it } from 'vitest';
import { rowSpecOf } from '../../src/artifact/row-spec.ts';
import { codedParts, inputParts } from '../../src/compile/input-parts.ts';
import type { InputTensor } from '../../src/graph/float-graph.ts';
import type { FeatureCoding } from '../../src/integer/integer-graph.ts';
import { encodeRows } from '../../src/prove/encode-rows.ts';

const affine = { kind: 'affine', offset: 0, step: 0.5 } as const;
const rank = { kind: 'rank32', nan: 'refused' } as const;
const orMissing = { kind: 'rank32', nan: 'coded' } as const;
const { NaN: missing, POSITIVE_INFINITY: high } = Number;
const ZERO_RANK = 2139095040;

const MAX = { refused: 4278190080, coded: 4278190081 };

function inputOf(...codings: FeatureCoding[]) {
  const max = Float64Array.from(codings, maxOf);
  return { name: 'x', shape: [codings.length], count: codings.length, codings, max };
}

function maxOf(coding: FeatureCoding): number {
  if (coding.kind === 'affine') return 15;
  return coding.kind === 'rank32' ? MAX[coding.nan] : categoryEncoding(coding).max;
}

const card = {
  features: ['age', 'income', 'debts', 'years'].map((name) => ({ name, unit: `unit of ${name}` })),
};

const tensor = (name: string, count: number): InputTensor => ({
  name,
  shape: [count],
  count,
  values: { kind: 'real' },
});

const mixed = inputOf(affine, rank, rank, orMissing);

function reading(input: ReturnType<typeof inputOf>, mode: 'digest' | 'public' = 'digest') {
  const face: InterfaceV2 = {
    version: 'quietproof/interface/v2',
    name: 'loan',
    weights: { kind: 'constants' },
    outputs: [{ kind: 'score', name: 'score', lo: '-3', max: '7', scale: '1', head: 'none' }],
    input: { mode, parts: inputParts(input, [tensor('x', input.count)], card) },
  };
  return readingOf(face).input;
}

describe('parts of an input', () => {
  it('are the runs of features with one encoding, and names and units go with their features', () => {
    expect(inputParts(mixed, [tensor('x', 4)], card)).toEqual([
      {
        name: 'x 1',
        shape: [1],
        encoding: { kind: 'affine', axes: [], offset: '0', step: '0.5', max: '15' },
        names: ['age'],
        units: ['unit of age'],
      },
      {
        name: 'x 2',
        shape: [2],
        encoding: rank,
        names: ['income', 'debts'],
        units: ['unit of income', 'unit of debts'],
      },
      { name: 'x 3', shape: [1], encoding: orMissing, names: ['years'], units: ['unit of years'] },
    ]);
  });

  it('are one with the shape of the input where all features have one encoding', () => {
    const picture = { ...inputOf(rank, rank, rank, rank), shape: [2, 2] };
    expect(inputParts(picture, [{ ...tensor('x', 4), shape: [2, 2] }], {})).toEqual([
      { name: 'x', shape: [2, 2], encoding: rank },
    ]);
    expect(codedParts(mixed).map(({ first, count }) => [first, count])).toEqual([
      [0, 1],
      [1, 2],
      [3, 1],
    ]);
  });

  it('are what verifiers read: ranges, names and what a feature accepts', () => {
    const input = reading(mixed);
    expect(featuresOf(input).map(({ encoding }) => encoding.max)).toEqual(Array.from(mixed.max));
    expect(rowSpecOf(input)).toMatchObject({
      names: ['age', 'income', 'debts', 'years'],
      accepts: ['finite', 'infinite', 'infinite', 'missing'],
    });
    expect(rowSpecOf(reading(inputOf(affine, affine, affine, affine)))).not.toHaveProperty('accepts');
  });
});

describe('rows of ranked features', () => {
  const input = reading(mixed);
  const encoded = (values: readonly number[], clamp = false) =>
    encodeRows(input, [{ index: 3, values }], clamp)[0]!;

  it('are encoded by rank, rounded to the nearest float32, and kept as they were given', () => {
    const row = encoded([2, -0, 0.1, missing]);
    expect(row.integers).toEqual([4, ZERO_RANK, ZERO_RANK + 0x3dcccccd, MAX.coded]);
    expect(row.input).toEqual([2, -0, 0.1, 'NaN']);
    expect(encoded([2, high, -high, 0])).toMatchObject({
      integers: [4, MAX.refused, 0, ZERO_RANK],
      input: [2, 'Infinity', '-Infinity', 0],
    });
  });

  it('are refused with NaN where it has no rank, and beyond the float32 numbers', () => {
    expect(() => encoded([2, missing, 0, 0])).toThrow(/^QP6201 The model does not accept NaN .*"income"/);
    expect(() => encoded([2, 1e300, 0, 0])).toThrow(/^QP6201 1e\+300 is beyond the range of float32/);
    expect(() => encoded([2, missing, 0, 0], true)).toThrow(/^QP6201/);
  });

  it('are clamped to the infinities', () => {
    expect(encoded([99, 1e300, -1e300, 7], true)).toEqual({
      index: 3,
      integers: [15, MAX.refused, 0, ZERO_RANK + 0x40e00000],
    });
    expect(encoded([2, high, 1, missing], true)).toHaveProperty('input');
  });
});

describe('categories', () => {
  const values = ['car', 'radio', ''];
  const coded = { kind: 'category', values, unknown: 'coded' } as const;
  const strict = { kind: 'category', values: ['own', 'rent'], unknown: 'refused' } as const;
  const input = reading(inputOf(affine, coded, { ...coded }, strict));
  const encoded = (given: readonly number[]) => encodeRows(input, [{ index: 3, values: given }], false)[0]!;

  it('are parts of an input, one per set of values', () => {
    const parts = inputParts(inputOf(affine, coded, { ...coded }, strict), [tensor('x', 4)], {});
    expect(parts.map(({ shape, encoding }) => [shape, encoding.kind])).toEqual([
      [[1], 'affine'],
      [[2], 'category'],
      [[1], 'category'],
    ]);
    expect(parts[1]!.encoding).toEqual(coded);
  });

  it('are what a reader of rows takes', () => {
    const { unknown } = strict;
    const accepts = ['finite', { values, unknown: 'coded' }, { values, unknown: 'coded' }];
    expect(rowSpecOf(input).accepts).toEqual([...accepts, { values: strict.values, unknown }]);
  });

  it('are encoded by place, and kept as texts', () => {
    expect(encoded([2, 0, 2, 1])).toMatchObject({ integers: [4, 0, 2, 1], input: [2, 'car', '', 'rent'] });
  });

  it('have one place for all other texts, of which the row is not kept', () => {
    expect(encoded([2, 3, 0, 1])).toEqual({ index: 3, integers: [4, 3, 0, 1], hasUnknownText: true });
  });
});
