import { createHash } from 'node:crypto';
import {
  type AnswerEntry,
  auditDraws,
  checkNamedRound,
  type DrawQuestion,
  ENTRY_VERSION,
  entryBytes,
  firstRoundFrom,
  isDrawn,
  isShare,
  type LogEntry,
  roundTime,
} from '@quietproof/verify/seal';
import { describe, expect, test } from 'vitest';
import { TestBeacon } from './support/beacon.ts';
import { answerEntry, ORIGIN, START } from './support/sealed.ts';

const beacon = new TestBeacon();
const { chain } = beacon;
const DELAY = 20;
const policy = { share: '0.25', chain, delay: DELAY, within: 600 };

/** What is drawn, as a number below 2^256: the rule, written a second time with other means. */
function drawnValue(index: number, entry: Uint8Array, randomness: Uint8Array): bigint {
  const place = Buffer.alloc(10 + ORIGIN.length);
  place.writeUInt16BE(ORIGIN.length);
  place.write(ORIGIN, 2);
  place.writeBigUInt64BE(BigInt(index), 2 + ORIGIN.length);
  const leaf = sha256(Buffer.of(0), entry);
  return BigInt(`0x${sha256(Buffer.from('quietproof/draw/v1'), place, leaf, randomness).toString('hex')}`);
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

function answered(index: number, change: Partial<AnswerEntry> = {}): AnswerEntry {
  const time = START + index;
  const leaf = sha256(Buffer.from(`answer ${index}`)).toString('hex');
  const round = firstRoundFrom(chain, time + DELAY);
  return { ...answerEntry(leaf, time, { beacon: chain.hash, round }), ...change };
}

const COUNT = 64;
const honest = Array.from({ length: COUNT }, (_, index) => answered(index));
const rounds = new Map(
  [...new Set(honest.map(({ draw }) => draw!.round))].map((round) => [round, beacon.checked(round)]),
);
const END = START + COUNT + 10_000;

function audit(entries: readonly LogEntry[], change: Partial<DrawQuestion> = {}) {
  const proved = new Set(entries.flatMap((one) => (one.kind === 'answer' ? [one.leaf] : [])));
  const bytes = entries.map(entryBytes);
  return auditDraws({
    origin: ORIGIN,
    first: 0,
    entries: bytes,
    policy,
    rounds,
    proved,
    now: END,
    ...change,
  });
}

const codes = ({ faults }: ReturnType<typeof audit>) => faults.map(({ index, code }) => `${index} ${code}`);

describe('a share', () => {
  const draw = { origin: ORIGIN, index: 0, entry: entryBytes(answered(0)), randomness: new Uint8Array(32) };

  test('of all draws every answer, of nothing none', () => {
    expect(isDrawn({ ...draw, share: '1' })).toBe(true);
    expect(isDrawn({ ...draw, share: '0' })).toBe(false);
  });

  test('is compared exactly, beyond what a double holds', () => {
    const value = drawnValue(0, draw.entry, draw.randomness);
    const places = (value * 10n ** 18n) / 2n ** 256n;
    const text = (number: bigint) => `0.${String(number).padStart(18, '0')}`;
    const below = places % 10n === 0n ? places - 1n : places;
    const above = (places + 1n) % 10n === 0n ? places + 2n : places + 1n;
    expect(isDrawn({ ...draw, share: text(below) })).toBe(false);
    expect(isDrawn({ ...draw, share: text(above) })).toBe(true);
  });

  test.each(['', '.5', '0.', '00', '0.10', '1.0', '1e-3', '-0.5', '2', '0.0000000000000000001'])(
    '"%s" is none',
    (text) => {
      expect(isShare(text)).toBe(false);
      expect(() => isDrawn({ ...draw, share: text })).toThrow(RangeError);
    },
  );

  test('needs 32 random bytes', () => {
    expect(() => isDrawn({ ...draw, share: '1', randomness: new Uint8Array(31) })).toThrow(RangeError);
  });
});

describe('a round that an entry names', () => {
  test.each<[string, string, Partial<AnswerEntry>]>([
    ['out when it was sealed', 'QP7753', named(firstRoundFrom(chain, START) - 1)],
    ['out before the delay', 'QP7753', named(firstRoundFrom(chain, START + DELAY) - 1)],
    ['later than the first', 'QP7754', named(firstRoundFrom(chain, START + DELAY) + 1)],
    ['of another beacon', 'QP7752', { draw: { ...answered(0).draw!, beacon: '00'.repeat(32) } }],
  ])('%s is refused', (_, code, change) => {
    expect(() => checkNamedRound(answered(0, change), chain, DELAY)).toThrow(code);
  });

  test('none at all is refused', () => {
    expect(() => checkNamedRound(answerEntry('ab'.repeat(32)), chain, DELAY)).toThrow('QP7752');
  });
});

describe('who watches a log', () => {
  test('draws the right ones', () => {
    const { drawn, faults, answers, open, wanted } = audit(honest);
    const again = honest.flatMap((entry, index) =>
      drawnValue(index, entryBytes(entry), rounds.get(entry.draw!.round)!.randomness) < 2n ** 254n
        ? [index]
        : [],
    );
    expect(drawn.map(({ index }) => index)).toEqual(again);
    expect(again.length).toBeGreaterThan(5);
    expect({ faults, answers, open, wanted }).toEqual({ faults: [], answers: COUNT, open: [], wanted: [] });
    expect(new Set(drawn.map(({ state }) => state))).toEqual(new Set(['proved']));
  });

  test('catches a provider that drops the proofs of drawn answers, after their deadline', () => {
    const [first] = audit(honest).drawn;
    const proved = new Set(honest.map(({ leaf }) => leaf).filter((leaf) => leaf !== first!.leaf));
    expect(codes(audit(honest, { proved }))).toEqual([`${first!.index} QP7757`]);
    const early = audit(honest, { proved, now: first!.due });
    expect([early.faults, early.drawn[0]!.state]).toEqual([[], 'due']);
  });

  test('catches one that names rounds already out, or later ones, and then has no proof', () => {
    const out = answered(3, named(honest[3]!.draw!.round - 1));
    const late = answered(5, named(honest[5]!.draw!.round + 1000));
    const { draw: _, ...undrawn } = answered(6);
    const entries = honest.with(3, out).with(5, late).with(6, undrawn);
    expect(codes(audit(entries, { proved: new Set(audit(honest).drawn.map(({ leaf }) => leaf)) }))).toEqual([
      '3 QP7753',
      '5 QP7754',
      '6 QP7752',
    ]);
  });

  test('catches one that sets its clock back to name a round already out', () => {
    // At index 40 the clock says START again: the round fits its time, and its time is before that of index 39.
    expect(codes(audit(honest.with(40, { ...answered(0), leaf: 'cd'.repeat(32) })))).toEqual(['40 QP7755']);
    expect(codes(audit(honest.slice(0, 2), { first: 9, timeBefore: START + 8 }))).toEqual([
      '9 QP7755',
      '10 QP7755',
    ]);
  });

  test('says of which answers no witness shows that they are older than their round', () => {
    const before = roundTime(chain, honest[0]!.draw!.round) - 1;
    expect(audit(honest).unshown).toHaveLength(COUNT);
    const seen = [
      { size: 3, time: before },
      { size: COUNT, time: END },
    ];
    expect(audit(honest, { seen }).unshown).toEqual(honest.map((_, index) => index).slice(3));
  });

  test('is told what is no entry, or stands there twice', () => {
    const entries = [...honest.slice(0, 3), { ...answered(3), leaf: honest[1]!.leaf }];
    expect(codes(audit(entries))).toEqual(['3 QP7756']);
    const bytes = [...honest.slice(0, 2).map(entryBytes), new TextEncoder().encode('{}')];
    expect(auditDraws({ ...question(), entries: bytes }).faults).toMatchObject([
      { index: 2, code: 'QP7010' },
    ]);
  });

  test('learns which rounds to ask for, and which are not out', () => {
    const few = new Map([...rounds].slice(1));
    const [missing] = rounds.keys();
    expect(audit(honest, { rounds: few }).wanted).toEqual([missing]);
    const early = audit(honest, { rounds: new Map(), now: START });
    expect([early.wanted, early.open.length, early.faults]).toEqual([[], COUNT, []]);
  });

  test('does not take a round of another beacon, or of another number', () => {
    const other = new TestBeacon({ seed: 2 });
    const [round] = rounds.keys();
    const swapped = new Map(rounds).set(round!, other.checked(round!));
    expect(audit(honest, { rounds: swapped }).wanted).toEqual([round]);
    const moved = new Map(rounds).set(round!, rounds.get(round! + 1)!);
    expect(audit(honest, { rounds: moved }).wanted).toEqual([round]);
  });

  test('passes over announcements of models', () => {
    const model: LogEntry = {
      version: ENTRY_VERSION,
      kind: 'model',
      time: START,
      modelId: 'ab'.repeat(32),
      name: 'credit',
      modelVersion: '1',
      policy: { prove: 'sample', sample: { share: '0.25', delay: DELAY }, within: 600, retention: 86_400 },
    };
    expect(audit([model])).toMatchObject({ answers: 0, faults: [], drawn: [] });
  });
});

function question(): DrawQuestion {
  return { origin: ORIGIN, first: 0, entries: [], policy, rounds, proved: new Set(), now: START };
}

function named(round: number): Partial<AnswerEntry> {
  return { draw: { beacon: chain.hash, round } };
}
