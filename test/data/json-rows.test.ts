import { describe, expect, it } from 'vitest';
import { readJsonRows } from '../../src/data/json-rows.ts';

const SQUARE = { count: 4, shape: [1, 2, 2] };
const read = (value: unknown, spec: { count: number; shape?: number[] } = { count: 2 }) =>
  readJsonRows(typeof value === 'string' ? value : JSON.stringify(value), spec, 'rows.json');

describe('rows from JSON', () => {
  it('reads labels and outputs from an object, and ignores other keys', () => {
    const set = read({ row_shape: [2], inputs: [[1, 2]], labels: [7], outputs: [[0.25, 0.75]] });
    expect(set.rows).toEqual([Float64Array.of(1, 2)]);
    expect(set.labels).toEqual([7]);
    expect(set.outputs).toEqual([Float64Array.of(0.25, 0.75)]);
  });

  it('reads rows that are flat or nested like the shape', () => {
    const rows = [Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6, 7, 8)];
    expect(
      read(
        [
          [1, 2, 3, 4],
          [
            [
              [5, 6],
              [7, 8],
            ],
          ],
        ],
        SQUARE,
      ).rows,
    ).toEqual(rows);
  });

  it('reads one flat array of numbers as one row', () => {
    expect(read([3, 4]).rows).toEqual([Float64Array.of(3, 4)]);
    expect(read({ inputs: [3, 4], labels: [1], outputs: [0.1, 0.9] }).outputs).toEqual([
      Float64Array.of(0.1, 0.9),
    ]);
    expect(() => read([3, 4, 5], { count: 1 })).toThrow('QP1108');
  });

  it('reads one number per row as the output of a single score', () => {
    expect(
      read({
        inputs: [
          [1, 2],
          [3, 4],
        ],
        outputs: [0.5, 0.75],
      }).outputs,
    ).toEqual([Float64Array.of(0.5), Float64Array.of(0.75)]);
  });

  it.each([
    [[], 'QP1104', 'rows.json'],
    [{ rows: [[1, 2]] }, 'QP1101', 'rows.json'],
    ['7', 'QP1101', 'rows.json'],
    [[[1, 2], [3]], 'QP1105', 'rows.json, [1]'],
    [{ inputs: [[1, 2, 3]] }, 'QP1105', 'rows.json, inputs[0]'],
    [[[1, '2']], 'QP1108', 'rows.json, [0][1]'],
    [[[1, null]], 'QP1108', 'rows.json, [0][1]'],
    [[[1, {}]], 'QP1108', 'rows.json, [0][1]'],
    [{ inputs: [[1, 2], 5] }, 'QP1108', 'rows.json, inputs[1]'],
    ['[[1, 1e999]]', 'QP1107', 'rows.json, [0][1]'],
    ['[[1, NaN]]', 'QP1107', 'rows.json, line 1, column 6'],
    ['[[1,\n -Infinity]]', 'QP1107', 'rows.json, line 2, column 2'],
    [{ inputs: [[1, 2]], labels: [1, 2] }, 'QP1111', 'rows.json'],
    [{ inputs: [[1, 2]], labels: 'a' }, 'QP1111', 'rows.json'],
    [{ inputs: [[1, 2]], labels: ['a'] }, 'QP1108', 'rows.json, labels[0]'],
    [{ inputs: [[1, 2]], outputs: [] }, 'QP1111', 'rows.json'],
    [
      {
        inputs: [
          [1, 2],
          [3, 4],
        ],
        outputs: [[1], [1, 2]],
      },
      'QP1111',
      'rows.json, outputs[1]',
    ],
  ])('refuses %j', (value, code, where) => {
    expect(() => read(value)).toThrow(expect.objectContaining({ code, where }));
  });

  it.each([
    [[[[[1, 2], [3]]]], 'rows.json, [0][0][1]'],
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      'rows.json, [0]',
    ],
    [[[[[1, 2], 3]]], 'rows.json, [0][0][1]'],
  ])('reports where the nesting differs from the shape: %j', (value, where) => {
    expect(() => read(value, SQUARE)).toThrow(expect.objectContaining({ code: 'QP1106', where }));
  });

  it('reports where the JSON is invalid', () => {
    expect(() => read('[[1, 2],\n [3,, 4]]')).toThrow(
      expect.objectContaining({ code: 'QP1101', where: 'rows.json, line 2, column 5' }),
    );
    expect(() => read('[[1, 2]')).toThrow(/QP1101 .*the end of the file \(rows.json, line 1, column 8\)/);
  });
});
