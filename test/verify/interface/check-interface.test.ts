import { checkInterface, type ModelInterface, R } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { digestInterface, publicInterface } from '../support/corpus.ts';

const [output, , context] = publicInterface.signals;
const digestSignals = digestInterface.signals;

test('the bounds of all signals, in order', () => {
  const plan = checkInterface(publicInterface);
  expect(plan.max).toEqual([70000n, 70000n, 255n, 255n, 255n, 2n ** 248n - 1n]);
  expect(checkInterface(digestInterface).max).toEqual([9n, R - 1n, 2n ** 248n - 1n]);
});

test('threshold outputs', () => {
  const signals = [{ role: 'output', count: 1, max: '1' } as const, ...digestSignals.slice(1)];
  const decision = { kind: 'threshold', threshold: '0.5', head: 'sigmoid', names: ['good', 'bad'] } as const;
  expect(checkInterface({ ...digestInterface, output: decision, signals }).output).toEqual([1n]);
  expect(() => checkInterface({ ...digestInterface, output: decision })).toThrow('QP7105');
});

describe('an interface that contradicts itself is refused', () => {
  const encoding = publicInterface.input.encoding;
  const input = (change: object) => ({ input: { ...publicInterface.input, ...change } });
  test.each<[string, Partial<ModelInterface>]>([
    [
      'wider input ranges than the encoding has',
      { signals: [output!, { role: 'input', count: 3, max: '256' }, context!] },
    ],
    ['a wrong count of inputs', { signals: [output!, { role: 'input', count: 4, max: '255' }, context!] }],
    ['a digest where the input is public', { signals: [output!, digestSignals[1]!, context!] }],
    [
      'a wider context',
      { signals: [...publicInterface.signals.slice(0, 2), { role: 'context', count: 1, max: '9' }] },
    ],
    ['groups in another order', { signals: [publicInterface.signals[1]!, output!, context!] }],
    [
      'an output bound beyond the field',
      { signals: [{ ...output!, max: R.toString() }, ...publicInterface.signals.slice(1)] },
    ],
    ['too few output bounds', { signals: [{ ...output!, max: ['1'] }, ...publicInterface.signals.slice(1)] }],
    ['too few names', input({ names: ['a', 'b'] })],
    ['too many units', input({ units: ['a', 'b', 'c', 'd'] })],
    ['a shape of another size', input({ shape: [4] })],
    ['a huge shape', input({ shape: [2 ** 40, 2 ** 40] })],
    ['a step of zero', input({ encoding: { ...encoding, step: '0' } })],
    ['a negative step', input({ encoding: { ...encoding, step: ['1', '-1', '1'] } })],
    ['a bound of zero', input({ encoding: { ...encoding, max: '0' } })],
    ['a bound beyond doubles', input({ encoding: { ...encoding, max: '9007199254740992' } })],
    ['too few offsets', input({ encoding: { ...encoding, offset: ['0', '0'] } })],
    ['too few logit offsets', { output: { ...publicInterface.output, lo: ['0'] } as never }],
    ['a scale of zero', { output: { ...publicInterface.output, scale: '0' } as never }],
    ['too many label names', { output: { ...publicInterface.output, names: ['a', 'b', 'c'] } as never }],
  ])('%s', (_, change) => {
    expect(() => checkInterface({ ...publicInterface, ...change })).toThrow('QP7105');
  });

  test('digest widths are whole bits', () => {
    const wrong = { ...digestInterface.input, encoding: { ...digestInterface.input.encoding, max: '254' } };
    expect(() => checkInterface({ ...digestInterface, input: wrong })).toThrow('QP7105');
  });

  test('more labels than the argmax has', () => {
    const wider = [{ role: 'output', count: 1, max: '10' } as const, ...digestSignals.slice(1)];
    expect(() => checkInterface({ ...digestInterface, signals: wider })).toThrow('QP7105');
  });
});
