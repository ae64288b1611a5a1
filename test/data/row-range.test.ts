import { describe, expect, it } from 'vitest';
import { parseRowRange, selectedRows } from '../../src/data/row-range.ts';

describe('row selections', () => {
  it('reads a range, both ends included, and a single row', () => {
    expect(parseRowRange('0-9')).toEqual({ first: 0, last: 9 });
    expect(parseRowRange(' 7 ')).toEqual({ first: 7, last: 7 });
    expect(selectedRows(parseRowRange('2-4'), 5)).toEqual([2, 3, 4]);
    expect(selectedRows(undefined, 3)).toEqual([0, 1, 2]);
  });

  it.each(['', '-1', '1-', 'a', '1-2-3', '1,2', '1.5', '9-0', '1 - 2', '1'.repeat(30)])(
    'refuses %j',
    (text) => {
      expect(() => parseRowRange(text)).toThrow('QP1121');
    },
  );

  it('refuses rows that are not in the file', () => {
    expect(() => selectedRows({ first: 0, last: 5 }, 5)).toThrow(/QP1122 .*Choose rows within 0-4/);
  });
});
