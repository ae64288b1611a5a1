import { canonicalBytes } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { checkTranscript } from '../../../src/verify/transcript/check-transcript.ts';
import type { Json } from '../../conformance/make/canonical.ts';
import {
  G,
  g1,
  g2,
  H,
  INFINITY_1,
  INFINITY_2,
  json1,
  json2,
  Q,
  smallOrderPoint,
} from '../../conformance/make/points.ts';
import { ceremony, rehash, setupOf } from '../../conformance/make/v2/transcript.ts';

const HONEST = ceremony();
const POINTS = ['deltaAfter', 'g1S', 'g1Sx', 'g2Spx'] as const;
/** Contributions by Ada and Grace, then a beacon. */
const INDICES = [0, 1, 2] as const;
const BEACON = 2;
const MOVED = g2(HONEST.transcript.contributions[0].g2Spx).add(smallOrderPoint());

/** The outcome of the check on a changed transcript, by default with a setup and a key that fit it. */
function outcome(change: (parts: Parts) => void): unknown {
  const { transcript, verificationKey } = ceremony();
  const parts: Parts = { transcript, key: verificationKey, setup: undefined };
  change(parts);
  const { content = canonicalBytes(parts.transcript), setup = setupOf(parts.transcript), key } = parts;
  try {
    return checkTranscript(content, setup, key);
  } catch (error) {
    return (error as { code: string }).code;
  }
}

interface Parts {
  transcript: Json;
  key: Json;
  setup: Json;
  content?: Uint8Array;
}

const at = (transcript: Json, index: number) => transcript.contributions[index];
const double = (point: (typeof POINTS)[number], value: Json) =>
  point === 'g2Spx' ? json2(g2(value).double()) : json1(g1(value).double());

test('the transcript of a ceremony made by snarkjs', () => {
  expect(outcome(() => {})).toEqual({ contributions: 2, beacons: 1 });
  expect(setupOf(HONEST.transcript).contributions).toEqual(HONEST.setup.contributions);
});

test('a beacon that is called a contribution is one: its secret is known, to everybody', () => {
  const found = outcome(({ transcript }) => {
    delete at(transcript, BEACON).beacon;
    at(transcript, BEACON).kind = 'contribution';
  });
  expect(found).toEqual({ contributions: 3, beacons: 0 });
});

describe.each(INDICES)('contribution %i', (index) => {
  test.each(POINTS)('a changed %s', (point) => {
    const put = (value: Json) => outcome(({ transcript }) => (at(transcript, index)[point] = value));
    const own = at(HONEST.transcript, index)[point] as Json;
    const changed = structuredClone(own);
    const flat = point === 'g2Spx' ? changed[0] : changed;
    flat[0] = String(BigInt(flat[0]) + Q);
    expect(put(changed), 'a coordinate of q more').toBe('QP7182');
    flat[0] = String(BigInt(flat[0]) - Q + 1n);
    expect(put(changed), 'off its curve').toBe('QP7182');
    expect(put(point === 'g2Spx' ? INFINITY_2 : INFINITY_1), 'infinity').toBe('QP7182');
    // Its own hash, or the next one, is over it.
    const inHash = index < BEACON || point === 'g1S' || point === 'g1Sx';
    const equation = point === 'deltaAfter' ? 'QP7186' : 'QP7185';
    expect(put(double(point, own)), 'twice the point').toBe(inHash ? 'QP7184' : equation);
    const rehashed = outcome(({ transcript }) => {
      at(transcript, index)[point] = double(point, own);
      rehash(transcript);
    });
    const ofBeacon = index === BEACON && (point === 'g1S' || point === 'g1Sx');
    // A later hash was changed by an earlier point, and with it a proof that is checked before the beacon's equations.
    expect(rehashed, 'twice the point, and hashes that fit').toBe(ofBeacon ? 'QP7189' : equation);
  });

  test('a point outside the subgroup', () => {
    const moved = json2(g2(at(HONEST.transcript, index).g2Spx).add(smallOrderPoint()));
    expect(outcome(({ transcript }) => (at(transcript, index).g2Spx = moved))).toBe('QP7183');
  });

  test('another hash', () => {
    const found = outcome(({ transcript }) => {
      const own = at(transcript, index);
      own.transcript = own.transcript.replace(/.$/, (digit: string) => (digit === '0' ? '1' : '0'));
    });
    expect(found).toBe('QP7184');
  });

  test('it left out, repeated, or moved', () => {
    const edit = (change: (list: Json[]) => void, hashed: boolean) =>
      outcome(({ transcript }) => {
        change(transcript.contributions);
        if (hashed) rehash(transcript);
      });
    const last = index === BEACON;
    const left = (list: Json[]) => list.splice(index, 1);
    expect(edit(left, false)).toBe(last ? 'QP7187' : 'QP7184');
    expect(edit(left, true)).toBe(last ? 'QP7187' : 'QP7185');
    const again = (list: Json[]) => list.splice(index, 0, structuredClone(list[index]));
    expect(edit(again, false)).toBe('QP7184');
    expect(edit(again, true)).toBe('QP7185');
    const moved = (list: Json[]) => list.unshift(...list.splice((index + 1) % 3, 1));
    if (index === BEACON) return;
    expect(edit(moved, false)).toBe('QP7184');
    expect(edit(moved, true)).toBe('QP7185');
  });
});

describe('the whole', () => {
  test('another initial hash', () => {
    const change = (transcript: Json) => (transcript.initialHash = 'ab'.repeat(64));
    expect(outcome(({ transcript }) => change(transcript))).toBe('QP7184');
    expect(
      outcome(({ transcript }) => {
        change(transcript);
        rehash(transcript);
      }),
    ).toBe('QP7185');
  });

  test('a δ of somebody’s choice, in the key and in the transcript', () => {
    const chosen = ({ transcript, key }: Parts) => {
      at(transcript, BEACON).deltaAfter = json1(G.multiply(12345n));
      key.vk_delta_2 = json2(H.multiply(12345n));
    };
    expect(outcome(chosen)).toBe('QP7186');
    expect(outcome(({ key }) => (key.vk_delta_2 = json2(H.multiply(12345n))))).toBe('QP7187');
    expect(outcome(({ key }) => (key.vk_delta_2 = json2(MOVED)))).toBe('QP7183');
  });

  test.each([0, 9, 21, 63, 64, 255, 2 ** 40])('2^%d iterations of a beacon', (exponent) => {
    expect(outcome(({ transcript }) => (at(transcript, BEACON).beacon.iterationsExponent = exponent))).toBe(
      'QP7188',
    );
  });

  test('beacons that hash too often together', () => {
    const found = outcome(({ transcript }) => {
      for (const index of [0, 1]) {
        const beacon = { hash: '00', iterationsExponent: 20 };
        Object.assign(at(transcript, index), { kind: 'beacon', beacon });
      }
    });
    expect(found).toBe('QP7188');
  });

  test.each([
    ['another number of iterations', { iterationsExponent: 11 }],
    ['other bytes', { hash: '00112233445566778899aabbccddeefe' }],
    ['one byte less', { hash: '00112233445566778899aabbccddee' }],
  ])('a beacon with %s', (_, beacon) => {
    expect(outcome(({ transcript }) => Object.assign(at(transcript, BEACON).beacon, beacon))).toBe('QP7189');
  });

  test('a contribution that is called a beacon', () => {
    const beacon = { hash: '00', iterationsExponent: 10 };
    expect(outcome(({ transcript }) => Object.assign(at(transcript, 0), { kind: 'beacon', beacon }))).toBe(
      'QP7189',
    );
  });
});

describe('the setup', () => {
  test.each<[string, (setup: Json) => void]>([
    ['another name', ({ contributions }) => (contributions[0].name = 'Bob')],
    ['another kind', ({ contributions }) => (contributions[2].kind = 'contribution')],
    ['another hash', ({ contributions }) => (contributions[1].hash = 'cd'.repeat(64))],
    ['one contribution less', ({ contributions }) => contributions.pop()],
    ['one contribution more', ({ contributions }) => contributions.push(contributions[0])],
    ['another order', ({ contributions }) => contributions.reverse()],
    ['no phase 1', (setup) => delete setup.ptau],
    ['another phase 1', (setup) => (setup.ptau.name = 'another')],
  ])('with %s', (_, change) => {
    expect(
      outcome((parts) => {
        parts.setup = setupOf(parts.transcript);
        change(parts.setup);
      }),
    ).toBe('QP7181');
  });

  const HERMEZ_08 =
    'd6a8fb3a04feb600096c3b791f936a578c4e664d262e4aa24beed1b7a9a96aa5eb72864d628db247e9293384b74b36ffb52ca8d148d6e1b8b51e279fdf57b583';
  const ALPHA = [
    '20491192805390485299153009773594534940189261866228447918068658471970481763042',
    '9383485363053290200918347156157836566562967994039712273449902621266178545958',
    '1',
  ];
  const name = 'powersOfTau28_hez_final_08.ptau';
  test.each<[string, Json, Json?]>([
    ['a published phase 1, whose alpha the key does not have', { blake2b: HERMEZ_08, name }],
    ['the name of a published phase 1 with another digest', { blake2b: 'ab'.repeat(64), name }],
    ['the digest of a published phase 1 with another name', { blake2b: HERMEZ_08, name: 'unrecognised' }],
    ['a published phase 1, whose beta the key does not have', { blake2b: HERMEZ_08, name }, ALPHA],
  ])('names %s', (_, phase1, alpha) => {
    expect(
      outcome(({ transcript, key }) => {
        transcript.phase1 = phase1;
        if (alpha !== undefined) key.vk_alpha_1 = alpha;
      }),
    ).toBe('QP7190');
  });

  test('names a published phase 1, whose alpha and beta the key has', () => {
    const found = outcome(({ transcript, key }) => {
      transcript.phase1 = { blake2b: HERMEZ_08, name };
      key.vk_alpha_1 = ALPHA;
      key.vk_beta_2 = [
        [
          '6375614351688725206403948262868962793625744043794305715222011528459656738731',
          '4252822878758300859123897981450591353533073413197771768651442665752259397132',
        ],
        [
          '10505242626370262277552901082094356697409835680220590971873171140371331206856',
          '21847035105528745403288232691147584728191162732299865338377159692350059136679',
        ],
        ['1', '0'],
      ];
    });
    expect(found).toEqual({ contributions: 2, beacons: 1, phase1: name });
  });
});

describe('the form', () => {
  test.each<[string, (transcript: Json) => void]>([
    ['an unknown member', (t) => (t.note = 'x')],
    ['a missing member', (t) => delete t.initialHash],
    ['no version', (t) => delete t.version],
    ['another version', (t) => (t.version = 'quietproof/transcript/v2')],
    ['no contribution', (t) => (t.contributions = [])],
    ['1025 contributions', (t) => (t.contributions = Array(1025).fill(t.contributions[0]))],
    ['an unknown kind', (t) => (t.contributions[0].kind = 'other')],
    ['a contribution with a beacon', (t) => (t.contributions[0].beacon = t.contributions[2].beacon)],
    ['a beacon without one', (t) => delete t.contributions[2].beacon],
    ['a beacon of no bytes', (t) => (t.contributions[2].beacon.hash = '')],
    ['a beacon of 256 bytes', (t) => (t.contributions[2].beacon.hash = '00'.repeat(256))],
    ['a negative exponent', (t) => (t.contributions[2].beacon.iterationsExponent = -1)],
    ['an exponent that is a text', (t) => (t.contributions[2].beacon.iterationsExponent = '10')],
    ['a hash of 63 bytes', (t) => (t.initialHash = t.initialHash.slice(2))],
    ['upper case', (t) => (t.initialHash = 'AB'.repeat(64))],
    ['a leading zero', (t) => (t.contributions[1].g1S[0] = `0${t.contributions[1].g1S[0]}`)],
    ['a point of G1 for one of G2', (t) => (t.contributions[1].g2Spx = t.contributions[1].g1S)],
    ['a name that reorders the text around it', (t) => (t.contributions[0].name = 'Ada\u202e')],
  ])('%s', (_, change) => {
    expect(
      outcome((parts) => {
        parts.setup = HONEST.setup;
        change(parts.transcript);
      }),
    ).toBe('QP7180');
  });

  test.each<[string, (text: string) => string]>([
    ['white space', (text) => `${text}\n`],
    ['a repeated key', (text) => text.replace('{', '{"version":"quietproof/transcript/v1",')],
    ['truncated', (text) => text.slice(0, -1)],
    ['truncated in the middle', (text) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    ['another order of keys', (text) => JSON.stringify({ ...JSON.parse(text), contributions: [] })],
    ['no JSON', () => 'a transcript'],
  ])('%s', (_, change) => {
    expect(
      outcome((parts) => {
        const text = Buffer.from(canonicalBytes(parts.transcript)).toString();
        parts.content = new TextEncoder().encode(change(text));
      }),
    ).toBe('QP7180');
  });
});
