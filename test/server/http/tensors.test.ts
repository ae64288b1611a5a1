import { describe, expect, it } from 'vitest';
import {
  type Datatype,
  readBinary,
  readJsonElement,
  writeBinary,
} from '../../../src/client/oip/datatypes.ts';
import { tensorsOf } from '../../../src/client/oip/model-tensors.ts';
import { readInferRequest } from '../../../src/server/http/oip/read-request.ts';
import type { InterfaceV2 } from '../../../src/verify/index.ts';
import { fileJson, parseAnyInterface, readingOf } from '../../../src/verify/index.ts';

const bytesOf = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('binary tensors', () => {
  it.each<[Datatype, string, (number | string)[]]>([
    ['BOOL', '00 01', [0, 1]],
    ['UINT8', '00 ff', [0, 255]],
    ['UINT16', '0100 ffff', [1, 65535]],
    ['UINT32', 'ffffffff', [4294967295]],
    ['UINT64', '0100000000000000', [1]],
    ['INT8', '80 7f', [-128, 127]],
    ['INT16', 'feff', [-2]],
    ['INT32', 'feffffff', [-2]],
    ['INT64', 'feffffffffffffff', [-2]],
    ['FP32', '0000a03f 0000c07f 000080ff', [1.25, 'NaN', '-Infinity']],
    ['FP64', '000000000000f43f', [1.25]],
    ['BYTES', '02000000 c3a9 00000000', ['é', '']],
  ])('%s is read', (datatype, hex, values) => {
    expect(readBinary(datatype, bytesOf(hex), values.length)).toEqual(values);
    expect(() => readBinary(datatype, bytesOf(`${hex}00`), values.length)).toThrow();
    expect(() => readBinary(datatype, bytesOf(hex).subarray(1), values.length)).toThrow();
  });

  it('what no double or text holds is refused', () => {
    expect(() => readBinary('INT64', bytesOf('0100000000002000'), 1)).toThrow('2^53');
    expect(() => readBinary('BOOL', bytesOf('02'), 1)).toThrow('BOOL');
    expect(() => readBinary('BYTES', bytesOf('01000000 ff'), 1)).toThrow('UTF-8');
    expect(() => readBinary('BYTES', bytesOf('ffffffff 00'), 1)).toThrow('end within element 0');
  });

  it('answers are written as they are read', () => {
    expect(readBinary('BYTES', writeBinary('BYTES', ['é', 'b']), 2)).toEqual(['é', 'b']);
    expect(readBinary('FP64', writeBinary('FP64', [-1.5]), 1)).toEqual([-1.5]);
    expect(readBinary('INT64', writeBinary('INT64', [7]), 1)).toEqual([7]);
  });
});

it('elements in JSON have the form of their datatype', () => {
  expect(readJsonElement('BOOL', true)).toBe(1);
  expect(readJsonElement('FP32', 5.1)).toBe(5.1);
  expect(readJsonElement('FP64', 'NaN')).toBe('NaN');
  for (const [datatype, value] of [
    ['UINT8', 256],
    ['INT8', -129],
    ['INT64', 'NaN'],
    ['INT64', 0.5],
    ['BYTES', 3],
    ['FP32', '5'],
    ['FP32', null],
  ] as const) {
    expect(() => readJsonElement(datatype, value), `${datatype} ${value}`).toThrow();
  }
});

const MIXED: InterfaceV2 = {
  version: 'quietproof/interface/v2',
  name: 'mixed',
  weights: { kind: 'constants' },
  outputs: [
    { kind: 'label', name: 'label', count: 2, rule: { kind: 'argmax' }, names: ['bad', 'good'] },
    { kind: 'score', name: 'label_name', lo: '-4', max: '8', scale: '0.5', head: 'sigmoid' },
    { kind: 'vector', name: 'scores', count: 2, lo: '0', max: '3', scale: '2', head: 'none' },
    { kind: 'category', name: 'segment', values: ['a', 'b'] },
  ],
  input: {
    mode: 'public',
    parts: [
      { name: 'age', shape: [], encoding: { kind: 'integer', axes: [], lo: '0', max: '99' } },
      { name: 'job', shape: [1], encoding: { kind: 'category', values: ['x', 'y'], unknown: 'refused' } },
      { name: 'sums', shape: [2], encoding: { kind: 'rank32', nan: 'coded' } },
    ],
  },
} as InterfaceV2;

describe('a model with inputs and outputs of many kinds', () => {
  const tensors = tensorsOf(readingOf(parseAnyInterface(fileJson(MIXED))));

  it('has a tensor for each part, and one for each output or two where classes have names', () => {
    const brief = (own: { name: string; datatype: string; shape: readonly number[] }) => [
      own.name,
      own.datatype,
      own.shape,
    ];
    expect(tensors.inputs.map(brief)).toEqual([
      ['age', 'INT64', []],
      ['job', 'BYTES', [1]],
      ['sums', 'FP32', [2]],
    ]);
    expect(tensors.outputs.map(brief)).toEqual([
      ['label', 'INT64', []],
      ['label_name_', 'BYTES', []],
      ['label_name', 'FP64', []],
      ['scores', 'FP64', [2]],
      ['segment', 'BYTES', []],
    ]);
    expect(tensors.outputs[2]!.head).toBe('sigmoid');
  });

  it('gets rows from tensors in any order', () => {
    const inputs = [
      {
        name: 'sums',
        datatype: 'FP32',
        shape: [2, 2],
        data: [
          [1, 2],
          ['NaN', 4],
        ],
      },
      { name: 'age', datatype: 'INT32', shape: [2], data: [30, 40] },
      { name: 'job', datatype: 'BYTES', shape: [2, 1], data: ['x', 'y'] },
    ];
    const read = (own: object[]) =>
      readInferRequest({ bytes: Buffer.from(JSON.stringify({ inputs: own })) }, tensors).rows;
    expect(read(inputs)).toEqual([
      [30, 'x', 1, 2],
      [40, 'y', 'NaN', 4],
    ]);
    const short = { ...inputs[1]!, shape: [1], data: [30] };
    expect(() => read([inputs[0]!, short, inputs[2]!])).toThrow('QP6582');
  });
});
