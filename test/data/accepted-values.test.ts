import { describe, expect, it } from 'vitest';
import { readCsvRows } from '../../src/data/csv-rows.ts';
import type { Accepted } from '../../src/data/data-set.ts';
import { readJsonRows } from '../../src/data/json-rows.ts';
import { readNpyRows } from '../../src/data/npy-rows.ts';

const spec = (...accepts: Accepted[]) => ({ count: accepts.length, accepts });
const every = spec('missing', 'infinite', 'finite');
const { NaN: missing, POSITIVE_INFINITY: high, NEGATIVE_INFINITY: low } = Number;

/** A float64 file of one row. */
function npy(...values: number[]): Buffer {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (1, ${values.length}), }`.padEnd(117);
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0]);
  return Buffer.concat([start, Buffer.from(`${header}\n`), Buffer.from(Float64Array.from(values).buffer)]);
}

describe('values that are not finite', () => {
  it('are read where the feature accepts them', () => {
    expect(readCsvRows('a,b,c\n,inf,1\nnan,-Infinity,2\n-inf,5,3\n', every, 'd.csv').rows).toEqual([
      Float64Array.of(missing, high, 1),
      Float64Array.of(missing, low, 2),
      Float64Array.of(low, 5, 3),
    ]);
    expect(readJsonRows('[[null,"Infinity",1],["NaN","-Infinity",2]]', every, 'd.json').rows).toEqual([
      Float64Array.of(missing, high, 1),
      Float64Array.of(missing, low, 2),
    ]);
    expect(readJsonRows('[null,"Infinity",1]', every, 'd.json').rows).toHaveLength(1);
    expect(readNpyRows(npy(missing, high, 1), every, 'd.npy').rows).toEqual([
      Float64Array.of(missing, high, 1),
    ]);
  });

  it('follow their features when columns are named in another order', () => {
    const named = { ...spec('finite', 'missing'), names: ['age', 'income'] };
    expect(readCsvRows('income,age\n,30\n', named, 'd.csv').rows).toEqual([Float64Array.of(30, missing)]);
  });

  it.each([
    ['an empty cell of a feature that must be there', 'a,b,c\n1,,3\n', 'QP1108'],
    ['NaN where only infinities are accepted', 'a,b,c\n1,nan,3\n', 'QP1107'],
    ['an infinity where numbers are finite', 'a,b,c\n1,2,inf\n', 'QP1107'],
    ['a number beyond the doubles', 'a,b,c\n1e999,2,3\n', 'QP1107'],
  ])('are refused elsewhere: %s', (_, csv, code) => {
    expect(() => readCsvRows(csv, every, 'd.csv')).toThrow(new RegExp(`^${code}.*line 2, column \\d`));
  });

  it('are refused elsewhere in JSON and npy', () => {
    expect(() => readJsonRows('[[1,null,3]]', every, 'd.json')).toThrow(/^QP1108 There is null/);
    expect(() => readJsonRows('[[1,"NaN",3]]', every, 'd.json')).toThrow(/^QP1108 .*"NaN"/);
    expect(() => readJsonRows('[[1e999,2,3]]', every, 'd.json')).toThrow(/^QP1107/);
    expect(() => readNpyRows(npy(1, missing, 3), every, 'd.npy')).toThrow(/^QP1107 NaN .*value 1/);
  });
});
