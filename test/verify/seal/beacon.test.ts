import { bls12_381 } from '@noble/curves/bls12-381.js';
import {
  beaconChain,
  checkRound,
  firstRoundFrom,
  parseBeaconInfo,
  parseRound,
  roundTime,
} from '@quietproof/verify/seal';
import { describe, expect, test } from 'vitest';
import { TestBeacon } from './support/beacon.ts';

/** drand's network "quicknet", as its nodes describe it, and one of its rounds. */
const QUICKNET = {
  public_key:
    '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
  period: 3,
  genesis_time: 1_692_803_367,
  hash: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
  groupHash: 'f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e',
  schemeID: 'bls-unchained-g1-rfc9380',
  metadata: { beaconID: 'quicknet' },
};
const ROUND_1000 = {
  round: 1000,
  randomness: 'fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd',
  signature:
    'b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39',
};

test('a round of drand holds under the key that its chain hash names', () => {
  const chain = parseBeaconInfo(JSON.stringify(QUICKNET));
  const { randomness } = checkRound(chain, parseRound(JSON.stringify(ROUND_1000)));
  expect(Buffer.from(randomness).toString('hex')).toBe(ROUND_1000.randomness);
  expect(roundTime(chain, 1000)).toBe(1_692_803_367 + 999 * 3);
});

describe('a description of a chain', () => {
  test.each<[string, string, object]>([
    ['with another key', 'QP7750', { public_key: QUICKNET.public_key.replace('83cf', '83ce') }],
    ['with another period', 'QP7750', { period: 30 }],
    ['with another beginning', 'QP7750', { genesis_time: 1_692_803_360 }],
    ['with another name', 'QP7750', { metadata: { beaconID: 'default' } }],
    ['without a hash', 'QP7750', { hash: undefined }],
    ['of another scheme', 'QP7012', { schemeID: 'pedersen-bls-chained' }],
  ])('%s is refused', (_, code, change) => {
    expect(() => parseBeaconInfo(JSON.stringify({ ...QUICKNET, ...change }))).toThrow(code);
  });
});

describe('a round', () => {
  const beacon = new TestBeacon();
  const { chain } = beacon;
  const good = beacon.round(7);

  test('of a test holds', () => {
    expect(checkRound(chain, good)).toMatchObject({ beacon: chain.hash, round: 7 });
  });

  test.each([
    ['of another number', { ...good, round: 8 }],
    ['of another beacon', new TestBeacon({ seed: 2 }).round(7)],
    ['that is the point at infinity', { round: 7, signature: `c0${'00'.repeat(47)}` }],
    ['that is no point', { round: 7, signature: `${'ff'.repeat(48)}` }],
    ['with a sign flipped', { round: 7, signature: flipped(good.signature) }],
    ['of no number', { ...good, round: 0 }],
  ])('%s is refused', (_, round) => {
    expect(() => checkRound(chain, round)).toThrow('QP7751');
  });

  test('under a key at infinity is refused: every signature of the group would hold', () => {
    const publicKey = bls12_381.G2.Point.ZERO.toHex(true);
    const infinite = beaconChain({ ...beacon.info, publicKey });
    expect(() => checkRound(infinite, { round: 7, signature: bls12_381.G1.Point.ZERO.toHex(true) })).toThrow(
      'QP7751',
    );
  });

  test('that cannot be read is refused', () => {
    expect(() => parseRound('{"round":1}')).toThrow('QP7750');
    expect(() => parseRound(JSON.stringify({ ...good, signature: good.signature.toUpperCase() }))).toThrow(
      'QP7750',
    );
  });
});

test('the first round from a time is the first that is not out before it', () => {
  const { chain } = new TestBeacon({ genesis: 1000, period: 30 });
  expect([0, 1000, 1001, 1030, 1031].map((time) => firstRoundFrom(chain, time))).toEqual([1, 1, 2, 2, 3]);
  for (let time = 990; time < 1100; time += 1) {
    const round = firstRoundFrom(chain, time);
    expect(roundTime(chain, round)).toBeGreaterThanOrEqual(time);
    if (round > 1) expect(roundTime(chain, round - 1)).toBeLessThan(time);
  }
});

function flipped(signature: string): string {
  return (Number.parseInt(signature.slice(0, 2), 16) ^ 0x20).toString(16) + signature.slice(2);
}
