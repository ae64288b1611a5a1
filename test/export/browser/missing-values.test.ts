import type { AnyModelRecord, InterfaceV2, RowValue } from '@quietproof/verify';
import { expect, test } from 'vitest';
import { withMissingValues } from '../../../src/export/browser/page/missing-values.ts';

const affine = { kind: 'affine', axes: [], offset: '0', step: '0.5', max: '15' } as const;
const ENCODINGS = [
  affine,
  { ...affine, nan: 'coded' },
  { kind: 'rank32', nan: 'refused' },
  { kind: 'rank32', nan: 'coded' },
  { kind: 'category', values: ['car', ''], unknown: 'coded' },
  { kind: 'category', values: ['car', 'nan'], unknown: 'coded' },
  { kind: 'category', values: ['car'], unknown: 'coded' },
] as const;

const parts = ENCODINGS.map((encoding, k) => ({ name: `c${k}`, shape: [1], encoding }));
const face: InterfaceV2 = {
  version: 'quietproof/interface/v2',
  name: 'loan',
  weights: { kind: 'constants' },
  outputs: [{ kind: 'score', name: 'score', lo: '-3', max: '7', scale: '1', head: 'none' }],
  input: { mode: 'digest', parts },
};
const RECORD = { interface: face } as AnyModelRecord;

const all = (value: RowValue): RowValue[] => ENCODINGS.map(() => value);

test('nothing is the code of a missing value where the model has one, and else stays for the verifier to refuse', () => {
  expect(withMissingValues(all(''), RECORD)).toEqual(['', 'NaN', '', 'NaN', '', 'nan', '']);
});

test('JSON’s null is as good as nothing', () => {
  const row = all(null as never);
  expect(withMissingValues(row, RECORD)).toEqual([null, 'NaN', null, 'NaN', null, 'nan', null]);
});

test('NaN may be written in any case where it is a number, and is a text where it is none', () => {
  expect(withMissingValues(all('nan'), RECORD)).toEqual(['nan', 'NaN', 'nan', 'NaN', 'nan', 'nan', 'nan']);
});

test('values that are not missing stay', () => {
  const row = [1, 2, 3, 'Infinity', 'car', 'car', 'boat'];
  expect(withMissingValues(row, RECORD)).toEqual(row);
});

test('a row of another length, or for a model that is not known, stays', () => {
  expect(withMissingValues(['', ''], RECORD)).toEqual(['', '']);
  expect(withMissingValues(all(''), undefined)).toEqual(all(''));
});
