import { R } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { encodeRow, inputWidths, parseRow } from '../../../src/verify/input/encode-row.ts';
import { parseJson } from '../../../src/verify/json/parse-json.ts';
import { checkInterfaceV2 } from '../../../src/verify/v2/check-interface.ts';
import { readInterfaceV2 } from '../../../src/verify/v2/read-interface.ts';
import { MIXED_INTERFACE } from '../support/spec-example.ts';

type Path = readonly (string | number)[];

const reading = readingOf({});
const CONTEXT = 2n ** 248n - 1n;
const HISTORY = ['input', 'parts', 3, 'encoding'];
const MONTHS = ['input', 'parts', 1, 'encoding'];

/** The interface of SPEC.md, section 20, with some members replaced. Keys are paths. */
function readingOf(changes: Readonly<Record<string, unknown>>) {
  const json = JSON.parse(MIXED_INTERFACE) as never;
  for (const [path, value] of Object.entries(changes)) replace(json, path.split('/'), value);
  return checkInterfaceV2(readInterfaceV2(parseJson(JSON.stringify(json)), ''));
}

function replace(json: Record<string | number, unknown>, path: Path, value: unknown): void {
  const [key, ...rest] = path as [string, ...string[]];
  if (rest.length > 0) replace(json[key] as never, rest, value);
  else json[key] = value;
}

const at = (...path: (string | number)[]) => path.join('/');

describe('the interface of SPEC.md, section 20', () => {
  test('has 6 outputs, a digest and a context', () => {
    expect(reading.plan.max).toEqual([1n, 2n, 131071n, 1023n, 1023n, 1023n, R - 1n, CONTEXT]);
    expect(reading.outputs.map(({ kind }) => kind)).toEqual(['decision', 'category', 'scores', 'scores']);
  });

  test('has the widths given there', () => {
    const widths = [32, 7, 2, ...Array(12).fill(8), ...Array(12).fill(5)];
    expect(inputWidths(reading.input)).toEqual(widths);
  });

  test('encodes a row, with a separate step for each group of the last part', () => {
    const row = [0.1, 5, 'boat', ...Array(12).fill(1.3), ...Array(12).fill(0)];
    const encoded = encodeRow(reading.input, row);
    const integers = encoded.map(({ integer }) => integer);
    expect(integers).toEqual([3175926989, 5, 3, ...Array(12).fill(3), ...Array(12).fill(16)]);
    expect(encoded[3]!.deviation).toBeCloseTo(0.4, 12);
    const texts = row.map(String);
    expect(encodeRow(reading.input, parseRow(reading.input, texts))).toEqual(encoded);
  });

  test('names what cannot be encoded', () => {
    const row = [0.1, 5.5, 'car', ...Array(24).fill(0)];
    expect(() => encodeRow(reading.input, row)).toThrow(
      /QP7605 5\.5 is not an integer \(feature 1, of "months"\)/,
    );
    expect(() => encodeRow(reading.input, row.slice(1))).toThrow('26 values, but the model takes 27');
    expect(() => encodeRow(reading.input, [null as never, ...row.slice(1)])).toThrow('QP7605');
  });

  test('has one signal per feature in mode public', () => {
    const { plan } = readingOf({ 'input/mode': 'public' });
    expect(plan.input.slice(0, 4)).toEqual([4278190080n, 127n, 3n, 255n]);
    expect(plan.max).toHaveLength(6 + 27 + 1);
  });
});

test.each<[string, Record<string, unknown>]>([
  ['an integer of any max', { [at(...MONTHS, 'max')]: '100' }],
  ['affine of any max, in public', { 'input/mode': 'public', [at(...HISTORY, 'max')]: '30' }],
  ['one category of two with the unknown', { 'input/parts/2/encoding/values': ['car'] }],
  ['lo + max at the last safe integer', { [at(...MONTHS, 'lo')]: '9007199254740864' }],
  [
    'a step per feature',
    {
      'input/parts/3/shape': [2, 2],
      'input/parts/3/encoding': {
        kind: 'affine',
        axes: [0, 1],
        offset: '0',
        step: ['1', '2', '3', '4'],
        max: '1',
      },
    },
  ],
])('%s fits', (_, changes) => {
  readingOf(changes);
});

describe('what contradicts itself is refused', () => {
  test.each<[string, Record<string, unknown>, string?]>([
    ['two outputs with the same name', { 'outputs/1/name': 'decision' }],
    ['two parts with the same name', { 'input/parts/1/name': 'amount' }],
    ['no outputs', { outputs: [] }, 'QP7007'],
    ['no parts', { 'input/parts': [] }, 'QP7007'],
    ['label names', { 'outputs/0/names': ['one'] }],
    ['a threshold with three labels', { 'outputs/0/count': 3, 'outputs/0/names': ['a', 'b', 'c'] }],
    ['a value twice', { 'outputs/1/values': ['A', 'A'] }],
    ['a category twice', { 'input/parts/2/encoding/values': ['A', 'A'] }],
    ['one category', { 'input/parts/2/encoding': { kind: 'category', values: ['A'], unknown: 'refused' } }],
    ['a vector of one', { 'outputs/3/count': 1 }, 'QP7007'],
    ['too few lo', { 'outputs/3/lo': ['-1', '-2'] }],
    ['too many max', { 'outputs/3/max': ['1', '2', '3', '4'] }],
    ['max r', { 'outputs/3/max': R.toString() }],
    ['a score of max r', { 'outputs/2/max': R.toString() }],
    ['a huge vector', { 'outputs/3/count': 2 ** 40, 'outputs/3/names': undefined }],
    ['a scale of 0', { 'outputs/2/scale': '0' }],
    ['a negative scale', { 'outputs/3/scale': '-1' }],
    ['axes without a list', { [at(...MONTHS, 'axes')]: [0] }],
    ['a list without axes', { [at(...HISTORY, 'axes')]: [] }],
    ['axes of another length', { [at(...HISTORY, 'axes')]: [1] }],
    ['axes that descend', { [at(...HISTORY, 'axes')]: [1, 0] }],
    ['an axis twice', { [at(...HISTORY, 'axes')]: [0, 0] }],
    ['an axis beyond the shape', { [at(...HISTORY, 'axes')]: [2] }],
    ['a step of 0', { [at(...HISTORY, 'step')]: '0' }],
    ['a negative step', { [at(...HISTORY, 'step')]: ['0.5', '-0.5'] }],
    ['a range beyond doubles', { [at(...HISTORY, 'step')]: '1.7976931348623157e+308' }],
    [
      'a nan that is refused, which is said by leaving it out',
      { [at(...HISTORY, 'nan')]: 'refused' },
      'QP7007',
    ],
    ['an affine max that is not 2^w − 1', { [at(...HISTORY, 'max')]: ['255', '30'] }],
    ['an affine max of 2^53', { 'input/mode': 'public', [at(...HISTORY, 'max')]: '9007199254740992' }],
    ['a max of 0', { [at(...MONTHS, 'max')]: '0' }],
    ['lo of −2^53', { [at(...MONTHS, 'lo')]: '-9007199254740992' }],
    ['lo + max of 2^53', { [at(...MONTHS, 'lo')]: '9007199254740865' }],
    ['a huge shape', { 'input/parts/3/shape': [2 ** 26, 2 ** 26] }],
    ['more features than allowed', { 'input/parts/3/shape': [1024, 1024] }],
    ['more public features than signals', { 'input/mode': 'public', 'input/parts/3/shape': [2, 40_000] }],
    ['part names', { 'input/parts/3/names': ['a'] }],
    ['part units', { 'input/parts/0/units': ['a', 'b'] }],
    ['softmax of a single score', { 'outputs/2/head': 'softmax' }, 'QP7007'],
    ['an unknown kind of output', { 'outputs/2/kind': 'ranking' }, 'QP7012'],
    ['an unknown kind of weights', { weights: { kind: 'committed', root: '0' } }, 'QP7012'],
    ['signals of version 1', { signals: [] }, 'QP7005'],
    ['other in an encoding', { [at(...HISTORY, 'other')]: { x: 1 } }, 'QP7005'],
    ['axes of rank32', { 'input/parts/0/encoding/axes': [] }, 'QP7005'],
  ])('%s', (_, changes, code = 'QP7105') => {
    expect(() => readingOf(changes)).toThrow(code);
  });
});
