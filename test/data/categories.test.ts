import { describe, expect, it } from 'vitest';
import { readCsvRows } from '../../src/data/csv-rows.ts';
import { readJsonRows } from '../../src/data/json-rows.ts';

const purpose = { values: ['car', 'radio, tv', ''], unknown: 'refused' } as const;
const housing = { values: ['own', '1'], unknown: 'coded' } as const;
const spec = {
  count: 3,
  names: ['age', 'purpose', 'housing'],
  accepts: ['finite', purpose, housing],
} as const;

describe('columns of categories', () => {
  it('are read from tables, by name and as texts', () => {
    const set = readCsvRows(
      'housing,age,purpose\nown,40,"radio, tv"\n1,41,\nelse,42,car\n',
      spec,
      'rows.csv',
    );
    expect(set.rows.map((row) => [...row])).toEqual([
      [40, 1, 0],
      [41, 2, 1],
      [42, 0, 2],
    ]);
  });

  it('are read from JSON, where null is an empty text', () => {
    const rows = [
      [40, 'radio, tv', 'own'],
      [41, null, 'else'],
    ];
    const read = (value: unknown) =>
      readJsonRows(JSON.stringify(value), spec, 'rows.json').rows.map((row) => [...row]);
    expect(read(rows)).toEqual([
      [40, 1, 0],
      [41, 2, 2],
    ]);
    expect(read(rows[0])).toEqual([[40, 1, 0]]);
  });

  it('are read from the members of a JSON row, where there are several inputs', () => {
    const parts = spec.names.map((name) => ({ name, count: 1, shape: [] }));
    const row = { housing: 'else', age: 40, purpose: 'car' };
    const { rows } = readJsonRows(JSON.stringify([row]), { ...spec, parts }, 'rows.json');
    expect(rows).toEqual([Float64Array.of(40, 0, 2)]);
  });

  it('take an empty cell as the category of missing values, where the encoder has one', () => {
    const accepts = ['finite', { values: ['car', 'nan'], unknown: 'coded' }, housing] as const;
    expect(readCsvRows('age,purpose,housing\n40,,\n', { ...spec, accepts }, 'rows.csv').rows).toEqual([
      Float64Array.of(40, 1, 2),
    ]);
  });

  it('are told apart by spaces around them only if an encoder does so', () => {
    const text = 'age, purpose, housing\n40, car, own\n 41 ,car,else\n';
    const accepts = ['finite', { values: [' car', 'car'], unknown: 'refused' }, housing] as const;
    const read = (own: Partial<typeof spec>) =>
      readCsvRows(text, { ...spec, ...own } as typeof spec, 'rows.csv').rows.map((row) => [...row]);
    expect(read({})).toEqual([
      [40, 0, 0],
      [41, 0, 2],
    ]);
    expect(read({ accepts: accepts as never })).toEqual([
      [40, 0, 0],
      [41, 1, 2],
    ]);
  });

  it('refuse a missing text where the encoder has no category for it', () => {
    const accepts = ['finite', { values: ['car'], unknown: 'refused' }, housing] as const;
    expect(() => readCsvRows('age,purpose,housing\n40,,own\n', { ...spec, accepts }, 'rows.csv')).toThrow(
      /^QP1108 A missing text is no category .*The model knows "car"/,
    );
  });

  it.each([
    ['an unknown one', '40,bus,own'],
    ['another case', '40,Car,own'],
    ['a place', '40,0,own'],
  ])('refuse %s', (_, line) => {
    expect(() => readCsvRows(`age,purpose,housing\n${line}\n`, spec, 'rows.csv')).toThrow(
      /^QP1108 .*is no category of this column \(rows\.csv, line 2, column 2 \("purpose"\)\)/,
    );
    expect(() => readJsonRows(JSON.stringify([line.split(',')]), spec, 'rows.json')).toThrow(/^QP1108/);
  });

  it('refuse numbers in JSON', () => {
    expect(() => readJsonRows('[[40, 0, "own"]]', spec, 'rows.json')).toThrow(
      /^QP1108 There is the number 0 where this column has texts/,
    );
  });
});
