import type { Contribution } from '@quietproof/verify';
import { describe, expect, it } from 'vitest';
import { DEFAULT_ITERATIONS_EXPONENT, parseBeacon, requireLast } from '../../src/ceremony/beacon.ts';

const ada = { kind: 'contribution' } as Contribution;
const beaconOf = (iterationsExponent: number) =>
  ({ kind: 'beacon', beacon: { hash: '00ff', iterationsExponent } }) as Contribution;

describe('the bytes of a beacon', () => {
  it('are hex digits in either case, hashed as often as the format asks at least', () => {
    const { hash, iterationsExponent } = parseBeacon('00fF');
    expect([...hash]).toEqual([0, 255]);
    expect(iterationsExponent).toBe(DEFAULT_ITERATIONS_EXPONENT);
    expect(parseBeacon('ab'.repeat(255), 12)).toMatchObject({ iterationsExponent: 12 });
  });

  it.each(['', '0', '0x00', 'gg', '00 ff', 'ab'.repeat(256)])('"%s" is refused', (hex) => {
    expect(() => parseBeacon(hex)).toThrow('QP5037');
  });
});

describe('a beacon comes last', () => {
  const requiring = (before: readonly Contribution[], exponent: number) => () =>
    requireLast(before, parseBeacon('00ff', exponent), 'artifact');

  it('after a contribution', () => {
    expect(requiring([ada], 10)).not.toThrow();
    expect(requiring([ada, beaconOf(10), ada], 10)).not.toThrow();
    expect(requiring([], 10)).toThrow('QP5038');
    expect(requiring([beaconOf(10)], 10)).toThrow(/^QP5038 .*nobody has contributed/);
    expect(requiring([ada, beaconOf(10)], 10)).toThrow(/^QP5038 .*ended already, with the beacon 00ff/);
  });

  it('with iterations that verifiers repeat', () => {
    expect(requiring([ada], 20)).not.toThrow();
    for (const exponent of [9, 21, 63]) expect(requiring([ada], exponent)).toThrow('QP5037');
    expect(requiring([ada, beaconOf(20), ada], 10)).toThrow('QP5037');
  });
});
