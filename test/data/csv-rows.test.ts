import { describe, expect, it } from 'vitest';
import { readCsvRows } from '../../src/data/csv-rows.ts';

const read = (text: string, count = 2) => readCsvRows(text, { count }, 'rows.csv');

describe('rows from CSV', () => {
  it('reads numbers without a header', () => {
    const set = read('1,2.5\n-3e-1, +.5\r\n\n');
    expect(set.rows).toEqual([Float64Array.of(1, 2.5), Float64Array.of(-0.3, 0.5)]);
    expect(set.columns).toBeUndefined();
    expect(set.notes).toEqual([]);
  });

  it('uses a first line of names as a header, and says so', () => {
    const set = read('age,"income, yearly"\n41,20000\n');
    expect(set.rows).toEqual([Float64Array.of(41, 20000)]);
    expect(set.columns).toEqual(['age', 'income, yearly']);
    expect(set.notes).toEqual(['The first line of rows.csv contains names and is used as a header']);
  });

  it('uses an extra column named label as labels', () => {
    const set = read('age,label,income\n41,1,20000\n52,0,100\n');
    expect(set.rows).toEqual([Float64Array.of(41, 20000), Float64Array.of(52, 100)]);
    expect(set.labels).toEqual([1, 0]);
    expect(set.columns).toEqual(['age', 'income']);
    expect(set.notes[1]).toMatch('Column 2');
  });

  it('keeps a column named y where the model takes it', () => {
    const set = read('x,y\n41,1\n');
    expect(set.rows).toEqual([Float64Array.of(41, 1)]);
    expect(set.labels).toBeUndefined();
  });

  it.each([
    ['1,2\n3,x\n', 'QP1108', 'rows.csv, line 2, column 2'],
    ['age,label\n41,1\n', 'QP1114', 'rows.csv, line 1'],
    ['id,age\n41,1\n', 'QP1114', 'rows.csv, line 1'],
    ['0,1\n3,4\n', 'QP1112', 'rows.csv, line 1'],
    ['0,1\n', 'QP1112', 'rows.csv, line 1'],
    ['age,income\n1,2\n3,four\n', 'QP1108', 'rows.csv, line 3, column 2 ("income")'],
    ['1,2\n3,\n', 'QP1108', 'rows.csv, line 2, column 2'],
    ['1,2\n3,0x10\n', 'QP1108', 'rows.csv, line 2, column 2'],
    ['1,2\n\n3,nan\n', 'QP1107', 'rows.csv, line 3, column 2'],
    ['nan,2\n3,4\n', 'QP1107', 'rows.csv, line 1, column 1'],
    ['1,2\n3,-inf\n', 'QP1107', 'rows.csv, line 2, column 2'],
    ['1,2\n3,1e999\n', 'QP1107', 'rows.csv, line 2, column 2'],
    ['1,2\n3\n', 'QP1105', 'rows.csv, line 2'],
    ['1,2\n3,4,5\n', 'QP1105', 'rows.csv, line 2'],
    ['age\n1,2\n', 'QP1105', 'rows.csv, line 1'],
    ['1;2\n', 'QP1105', 'rows.csv, line 1'],
    ['age,income\n', 'QP1104', 'rows.csv'],
    ['\n\n', 'QP1104', 'rows.csv'],
    ['1,"2\n', 'QP1101', 'rows.csv, line 1'],
    ['"5,1","0,2"\n', 'QP1132', 'rows.csv, line 1, column 1'],
    ['1,2\n3,"-0,2e1"\n', 'QP1132', 'rows.csv, line 2, column 2'],
    ['age,income\n"5,1","0,2"\n', 'QP1132', 'rows.csv, line 2, column 1 ("age")'],
    ['age,in\u001b[31mcome\n1,2\n', 'QP1131', 'rows.csv, line 1, column 2'],
    ['a\u202ege,income\n1,2\n', 'QP1131', 'rows.csv, line 1, column 1'],
  ])('refuses %j', (text, code, where) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code, where }));
  });

  it('suggests a fix if the cause is recognizable', () => {
    expect(() => read('1;2\n')).toThrow('Separate cells with commas');
    expect(() => read('age,income,town\n0,41,20000\n')).toThrow(
      'Keep the 2 columns the model takes; name a column of labels',
    );
    expect(() => read('"5,1","0,2"\n')).toThrow('Write decimal points, e.g. 5.1');
    expect(() => read('age,income\n41,high\n')).toThrow(
      '"high" is not a number (rows.csv, line 2, column 2 ("income"))',
    );
  });
});
