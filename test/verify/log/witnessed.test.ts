import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../../src/verify/log/checkpoint.ts';
import { checkWitnesses, type LogTrust, type Witness } from '../../../src/verify/log/witnessed.ts';
import { newSigner, ORIGIN } from '../../log/support.ts';

const log = newSigner();
const [ada, bo, cy] = ['ada', 'bo', 'cy'].map((name) => newSigner(`${name}.example`, 'cosignature'));
const TEXT = `${ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n`;
const NOW = 2_000;

type Signer = ReturnType<typeof newSigner>;
const witness = (name: string, ...signers: Signer[]): Witness => ({
  name,
  keys: signers.map(({ key }) => ({ key })),
});
const trust = (least: number, ...of: Witness[]): LogTrust => ({
  origin: ORIGIN,
  keys: [log.key],
  witnesses: { least, of },
});
const all = (least: number) => trust(least, witness('Ada', ada!), witness('Bo', bo!), witness('Cy', cy!));

/** The checkpoint with these cosignatures. */
const cosigned = (...lines: readonly (readonly [Signer, number | undefined])[]) =>
  readCheckpoint(
    `${TEXT}\n${log.signatureLine(TEXT)}${lines.map(([one, time]) => one.signatureLine(TEXT, time)).join('')}`,
  );

describe('checkWitnesses', () => {
  it('says who has seen the checkpoint, by when it existed, and until when it was the largest', () => {
    const checkpoint = cosigned([cy!, 30], [ada!, 10], [bo!, 20], [ada!, 15]);
    expect(checkWitnesses(checkpoint, all(2), NOW)).toEqual({
      sightings: [
        { witness: 'Ada', first: 10, last: 15 },
        { witness: 'Bo', first: 20, last: 20 },
        { witness: 'Cy', first: 30, last: 30 },
      ],
      // Ada and Bo say that it existed at 20; Bo and Cy, that it was the largest at 20.
      existedBy: 20,
      largestAt: 20,
    });
    expect(checkWitnesses(checkpoint, all(3), NOW)).toMatchObject({ existedBy: 30, largestAt: 15 });
    expect(checkWitnesses(checkpoint, all(1), NOW)).toMatchObject({ existedBy: 10, largestAt: 30 });
  });

  it('asks for none where the reader asks for none, and then states no time', () => {
    expect(checkWitnesses(cosigned(), trust(0), NOW)).toEqual({
      sightings: [],
      existedBy: undefined,
      largestAt: undefined,
    });
    expect(checkWitnesses(cosigned([ada!, 5]), all(0), NOW)).toMatchObject({
      sightings: [{ witness: 'Ada' }],
      existedBy: undefined,
    });
  });

  const stranger = newSigner('ada.example', 'cosignature');
  const [plain, own] = [newSigner('plain.example', 'note'), newSigner('own.example', 'cosignature')];
  it.each<[string, ReturnType<typeof cosigned>, LogTrust]>([
    ['one witness of two', cosigned([ada!, 10]), all(2)],
    ['one witness twice', cosigned([ada!, 10], [ada!, 20]), all(2)],
    [
      'two keys of one witness',
      cosigned([ada!, 10], [bo!, 10]),
      trust(2, witness('Ada', ada!, bo!), witness('Cy', cy!)),
    ],
    ['another key of that name', cosigned([stranger, 10]), all(1)],
    ['a witness that the reader does not name', cosigned([cy!, 10]), trust(1, witness('Ada', ada!))],
    ['time 0', cosigned([ada!, 0]), all(1)],
    ['a time to come', cosigned([ada!, NOW + 1]), all(1)],
    ['a signature without a time', cosigned([plain, undefined]), trust(1, witness('Plain', plain))],
    [
      'the key of the log as a witness',
      cosigned([own, 10]),
      { ...trust(1, witness('Own', own)), keys: [log.key, { ...own.key, name: 'log.example' }] },
    ],
    [
      'a key that was retired at that time',
      cosigned([ada!, 10]),
      trust(1, { name: 'Ada', keys: [{ key: ada!.key, until: 10 }] }),
    ],
  ])('does not count %s', (_, checkpoint, asked) => {
    expect(() => checkWitnesses(checkpoint, asked, NOW)).toThrow('QP7710');
  });

  it('counts a key before it was retired', () => {
    const retired = trust(1, { name: 'Ada', keys: [{ key: ada!.key, until: 10 }] });
    expect(checkWitnesses(cosigned([ada!, 9], [ada!, 10]), retired, NOW).sightings).toEqual([
      { witness: 'Ada', first: 9, last: 9 },
    ]);
  });

  it('refuses a cosignature of another tree, or with its time moved', () => {
    const line = ada!.signatureLine(TEXT.replace('\n0\n', '\n1\n'), 10);
    const moved = readCheckpoint(`${TEXT}\n${log.signatureLine(TEXT)}${line}`);
    expect(() => checkWitnesses(moved, all(1), NOW)).toThrow('QP7703');
    const bytes = Buffer.from(ada!.signatureLine(TEXT, 10).split(' ')[2]!, 'base64');
    bytes[11] = 11;
    const later = readCheckpoint(
      `${TEXT}\n${log.signatureLine(TEXT)}— ada.example ${bytes.toString('base64')}\n`,
    );
    expect(() => checkWitnesses(later, all(1), NOW)).toThrow('QP7703');
  });

  it('agrees with a plain count on random cosignatures', () => {
    let state = 1;
    const random = (below: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    const signers = [ada!, bo!, cy!];
    for (let round = 0; round < 60; round += 1) {
      const lines = Array.from({ length: random(6) }, () => [random(3), random(5) * 600] as const);
      const checkpoint = cosigned(...lines.map(([who, time]) => [signers[who]!, time] as const));
      const least = 1 + random(3);
      const good = lines.filter(([, time]) => time > 0 && time <= NOW);
      // The earliest time at which `least` witnesses have signed, and the latest at which as many still sign.
      const whoBy = (time: number) => new Set(good.filter((one) => one[1] <= time).map(([who]) => who)).size;
      const whoFrom = (time: number) =>
        new Set(good.filter((one) => one[1] >= time).map(([who]) => who)).size;
      const times = good.map(([, time]) => time).sort((a, b) => a - b);
      const existedBy = times.find((time) => whoBy(time) >= least);
      const largestAt = times.findLast((time) => whoFrom(time) >= least);
      if (existedBy === undefined) {
        expect(() => checkWitnesses(checkpoint, all(least), NOW)).toThrow('QP7710');
      } else {
        expect(checkWitnesses(checkpoint, all(least), NOW)).toMatchObject({ existedBy, largestAt });
      }
    }
  });
});
