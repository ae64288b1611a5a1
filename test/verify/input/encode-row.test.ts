import {
  encodeRow,
  featuresOf,
  type InputInterface,
  type RowValue,
  readingOfInputV1,
  inputWidths as widthsOf,
} from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { digestInterface } from '../support/corpus.ts';

const shared = digestInterface.input;
const each: InputInterface = {
  mode: 'public',
  shape: [3],
  encoding: {
    kind: 'affine',
    offset: ['0', '-2', '1e-7'],
    step: ['0.1', '0.25', '1e-9'],
    max: ['10', '7', '1023'],
  },
  names: ['age', 'debt', 'ratio'],
};

const encodeInput = (input: InputInterface, row: readonly RowValue[]) =>
  encodeRow(readingOfInputV1(input), row).map(({ integer }) => integer);
const inputWidths = (input: InputInterface) => widthsOf(readingOfInputV1(input));

test('rounds half up', () => {
  expect(encodeInput(shared, [-1, -0.75, -0.76, 126.5])).toEqual([0, 1, 0, 255]);
  expect(encodeInput(each, [0.3, -1.875, 1e-7])).toEqual([3, 1, 0]);
});

test('half a step beyond either end still rounds into the range', () => {
  expect(encodeInput(shared, [-1.25, 0, 0, 126.74])).toEqual([0, 2, 2, 255]);
});

test('decoding returns the reals', () => {
  const values = featuresOf(readingOfInputV1(each)).map(({ encoding }, i) => encoding.decode([3, 1, 0][i]!));
  expect(values).toEqual([0.30000000000000004, -1.75, 1e-7].map((number) => ({ kind: 'number', number })));
});

test('gives the distance of each value from the proved one, in steps', () => {
  const encoded = encodeRow(readingOfInputV1(shared), [-1, -0.9, -0.76, 126.5]);
  const deviations = encoded.map(({ deviation }) => Number(deviation.toFixed(9)));
  expect(deviations).toEqual([0, 0.2, 0.48, 0]);
  // The sum v + 0.5 is rounded to 1 in version 1.
  const half = { ...each, encoding: { ...each.encoding, step: '1', offset: '0' } };
  expect(encodeInput(half, [0.49999999999999994, 0, 0])).toEqual([1, 0, 0]);
});

describe('refuses, naming the feature', () => {
  test.each([
    [[-0.1, 0, 1e-7], 'feature 0, "age"'],
    [[1.06, 0, 1e-7], 'feature 0, "age"'],
    [[0, 5, 1e-7], 'feature 1, "debt"'],
    [[0, -1, Number.NaN], 'feature 2, "ratio"'],
    [[0, -1, Number.POSITIVE_INFINITY], 'feature 2, "ratio"'],
  ])('%s', (row, name) => {
    expect(() => encodeInput(each, row)).toThrow(/^QP7605 /);
    expect(() => encodeInput(each, row)).toThrow(name);
  });

  test('a row of another length', () => {
    expect(() => encodeInput(each, [1, 2])).toThrow('QP7605 The row has 2 values, but the model takes 3');
  });
});

test('widths in the digest follow from max', () => {
  expect(inputWidths(shared)).toEqual([8, 8, 8, 8]);
  const max = ['1', '3', '255', '65535'];
  expect(inputWidths({ ...shared, encoding: { ...shared.encoding, max } })).toEqual([1, 2, 8, 16]);
});
