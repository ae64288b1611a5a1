import { describe, expect, test } from 'vitest';
import { checkQuality } from '../../../src/verify/v2/check-quality.ts';
import type { MeasuredQuality, Quality } from '../../../src/verify/v2/record-types.ts';

const contract = { flips: '0.005', error: '0.01' };
const judged = (parts: Partial<MeasuredQuality>): Quality => ({
  kind: 'judged',
  contract,
  rows: 598,
  ...parts,
});
const accepted = (parts: Partial<MeasuredQuality>): Quality => ({
  kind: 'loss-accepted',
  contract,
  rows: 45,
  ...parts,
});
const flips = (count: number, upper: string) => ({ flips: { count, upper } });

test.each<[string, Quality]>([
  ['judged', judged({ ...flips(0, '0.004997058694246492'), error: '0.004' })],
  ['judged, exactly the contract', judged({ ...flips(0, '0.005'), error: '0.01' })],
  ['loss accepted', accepted({ error: '0.02' })],
  [
    'loss accepted, one of two measures above the contract',
    accepted({ ...flips(9, '0.35'), error: '0.001' }),
  ],
  ['not judged', { kind: 'not-judged', rows: 0 }],
  ['not judged, with a contract', { kind: 'not-judged', rows: 5, contract }],
])('%s fits', (_, quality) => {
  checkQuality(quality);
});

describe('what contradicts itself is refused', () => {
  test.each<[string, Quality]>([
    ['flips above the contract', judged(flips(0, '0.006'))],
    ['error above the contract', judged({ error: '0.02' })],
    ['an accepted loss without a loss', accepted({ error: '0.001' })],
    ['nothing measured', judged({})],
    ['more flips than rows', accepted(flips(46, '1'))],
    ['a bound below the share', accepted(flips(9, '0.1'))],
    ['a bound above 1', accepted(flips(9, '1.5'))],
    ['a negative error', judged({ error: '-0.1' })],
    ['a contract above 1', { kind: 'not-judged', rows: 5, contract: { flips: '2', error: '0' } }],
    ['a negative contract', { kind: 'not-judged', rows: 5, contract: { flips: '0', error: '-1' } }],
  ])('%s', (_, quality) => {
    expect(() => checkQuality(quality)).toThrow('QP7107');
  });
});
