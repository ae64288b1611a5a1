import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCsvRows } from '../../src/data/csv-rows.ts';
import type { RowSpec } from '../../src/data/data-set.ts';
import { readRows } from '../../src/data/read-rows.ts';

const read = (text: string, spec: Partial<RowSpec> = {}) =>
  readCsvRows(text, { count: 2, ...spec }, 'rows.csv');
const numbers = (text: string, spec?: Partial<RowSpec>) => read(text, spec).rows.map((row) => [...row]);
const named = { names: ['age', 'income'] };

describe('a header', () => {
  it('of pandas numbers is no row', async () => {
    const file = new URL('../fixtures/cases/numeric-header/data.csv', import.meta.url).pathname;
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const { rows, notes } = await readRows(file, { count: 4 });
    expect(rows).toHaveLength(lines.length - 1);
    expect(rows[0]).toEqual(Float64Array.from(lines[1]!.split(','), Number));
    expect(notes).toEqual(['The first line of data.csv numbers the columns and is used as a header']);
  });

  it.each([
    ['fractions below', '0,1\n0.5,1.0\n', [[0.5, 1]]],
    [
      'an index of pandas beside it',
      ',0,1\n0,5,6\n1,7,8\n',
      [
        [5, 6],
        [7, 8],
      ],
    ],
    ['labels beside it', '0,1,label\n5,6,1\n', [[5, 6]]],
    [
      'nothing numbered: a row',
      '0,2\n5,6\n',
      [
        [0, 2],
        [5, 6],
      ],
    ],
    [
      'a row that begins like it',
      '0,1.0\n5,6\n',
      [
        [0, 1],
        [5, 6],
      ],
    ],
  ])('of numbers, with %s', (_, text, rows) => {
    expect(numbers(text)).toEqual(rows);
  });

  it('of four numbers or more is one even above whole numbers', () => {
    expect(numbers('0,1,2,3\n5,6,7,8\n', { count: 4 })).toEqual([[5, 6, 7, 8]]);
    expect(() => read('0,1,2,3\n', { count: 4 })).toThrow(/QP1112/);
    expect(numbers('0\n1\n', { count: 1 })).toEqual([[0], [1]]);
  });

  it('is read in the order of the features', () => {
    expect(numbers('income,age\n20000,41\n', named)).toEqual([[41, 20000]]);
    expect(read('income,age\n20000,41\n', named).notes[1]).toMatch('ordered by the features');
    expect(numbers('INCOME,Age\n20000,41\n', named)).toEqual([[41, 20000]]);
    expect(numbers('first name,age\n5,41\n', { names: ['age', 'first_name'] })).toEqual([[41, 5]]);
    expect(read('age,income\n41,20000\n', named).notes).toHaveLength(1);
  });

  it('is refused with both lists if it has other names', () => {
    expect(() => read('age,salary\n41,20000\n', named)).toThrow(
      /QP1113 The header lacks "income". It has "age", "salary", and the model's features are "age", "income"/,
    );
    expect(() => read('age,age,income\n1,2,3\n', named)).toThrow(/QP1115 Two columns are named "age"/);
  });

  it('with a named feature is a header whatever is below', () => {
    expect(() => read('age,income\nhigh,low\n', named)).toThrow(/QP1108 .*line 2, column 1/);
  });

  it('may name only some features, as a card may', () => {
    expect(numbers('a,income\n41,20000\n', { names: [undefined, 'income'] })).toEqual([[41, 20000]]);
    expect(numbers('income,a\n20000,41\n', { names: ['feature 0', 'income'] })).toEqual([[41, 20000]]);
  });
});

describe('columns that are no features', () => {
  it.each(['', 'Unnamed: 0', 'Unnamed: 0.1', 'id', 'Index'])(
    'the index "%s" is left out and said',
    (name) => {
      const set = read(`${name},a,b\n7,1,2\n`);
      expect(set.rows).toEqual([Float64Array.of(1, 2)]);
      expect(set.notes[1]).toMatch(/^Column 1 of rows.csv, .* is left out$/);
    },
  );

  it.each(['label', 'Target', 'class', 'y', 'outcome'])('"%s" is the labels', (name) => {
    expect(read(`a,${name},b\n1,0,2\n`)).toMatchObject({ labels: [0], columns: ['a', 'b'] });
  });

  it('all columns but the named features are left out', () => {
    const set = read('date,age,y,income\n2020-01-01,41,1,20000\n', named);
    expect(set.rows).toEqual([Float64Array.of(41, 20000)]);
    expect(set.labels).toEqual([1]);
    expect(set.notes).toContain('Column 1 of rows.csv, "date", is left out');
    const { notes } = read('date,age,note,income,\n2020-01-01,41,ok,20000,1\n', named);
    expect(notes).toContain('3 columns of rows.csv are left out: "date", "note", without a name');
  });

  it('labels are left out too where none are asked for', () => {
    const set = read('a,label,b\n1,yes,2\n', { takesLabels: false });
    expect(set.rows).toEqual([Float64Array.of(1, 2)]);
    expect(set).not.toHaveProperty('labels');
    expect(set.notes.slice(1)).toEqual(['Column 2 of rows.csv, "label", is left out']);
  });

  it('an index or a label never makes up the number of features', () => {
    expect(() => read('id,a\n1,2\n')).toThrow(/QP1114 The column "id" would be a feature by its place/);
    expect(() => read('Unnamed: 0,a,label\n1,2,3\n')).toThrow(/QP1114 The column "label"/);
    expect(numbers('id,a\n1,2\n', { names: ['id', 'a'] })).toEqual([[1, 2]]);
  });

  it('a wrong number of columns is refused with their names', () => {
    expect(() => read('a,b,species\n1,2,3\n')).toThrow(
      /QP1105 .*has 3 columns.* takes 2: "a", "b", "species"/,
    );
    expect(() => read('a,b,species\n1,2,3\n')).toThrow(/name a column of labels "label"/);
    expect(() => read('a,y,label,b\n1,2,3,4\n')).toThrow(/QP1105 (?!.*name a column of labels)/);
  });
});

describe('text labels', () => {
  const classes = ['setosa', 'virginica'];

  it("are the card's classes", () => {
    expect(read('a,b,class\n1,2,virginica\n3,4,setosa\n', { classes }).labels).toEqual([1, 0]);
    expect(read('a,b,class\n1,2,1\n3,4,0\n', { classes }).labels).toEqual([1, 0]);
    expect(read('a,b,class\n1,2,1\n3,4,2\n', { classes: ['1', '2'] }).labels).toEqual([0, 1]);
  });

  it('are refused if no class has the name', () => {
    expect(() => read('a,b,class\n1,2,versicolor\n', { classes })).toThrow(
      /QP1116 "versicolor" is none of the classes setosa, virginica \(rows.csv, line 2, column 3 \("class"\)\)/,
    );
  });

  it('are left out if no card names classes, which is said', () => {
    const set = read('a,b,class\n1,2,virginica\n');
    expect(set.labels).toBeUndefined();
    expect(set.notes.at(-1)).toMatch('The labels are not used');
    expect(() => read('a,b,class\n1,2,x\n1,2,3\n')).toThrow(/QP1108/);
  });
});
