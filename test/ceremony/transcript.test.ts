import { readFile } from 'node:fs/promises';
import { canonicalJson } from '@quietproof/verify';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkContributions } from '../../src/ceremony/contributions.ts';
import { ceremonyRecord } from '../../src/ceremony/transcript.ts';
import { readZkey, type Zkey } from '../../src/formats/zkey.ts';
import type { ZkeyContribution } from '../../src/formats/zkey-contributions.ts';
import { ceremony } from '../conformance/make/v2/transcript.ts';

/** Two contributions and a beacon, made by snarkjs. */
let zkey: Zkey;
beforeAll(async () => {
  zkey = readZkey(await readFile(new URL('../fixtures/ceremony/digest-label.zkey', import.meta.url)));
});

function withContributions(change: (all: readonly ZkeyContribution[]) => readonly ZkeyContribution[]): Zkey {
  const { transcript } = zkey;
  return { ...zkey, transcript: { ...transcript, contributions: [...change(transcript.contributions)] } };
}

const slowBeacon = () =>
  withContributions((all) =>
    all.map((one) =>
      one.beacon === undefined ? one : { ...one, beacon: { ...one.beacon, iterationsExponent: 42 } },
    ),
  );

describe('the record of a ceremony key', () => {
  it('names the transcript that the key holds, and its phase 1', () => {
    const { setup, transcript } = ceremony();
    const made = ceremonyRecord(zkey, setup.ptau);
    expect(made.record).toEqual(setup);
    expect(Buffer.from(made.transcript!).toString()).toBe(canonicalJson(transcript));
    expect(made.notes).toEqual([]);
  });

  it('has none, and says why, where verifiers do not repeat a beacon or it is too long', () => {
    for (const [key, why] of [
      [slowBeacon(), 'a beacon has a number of iterations that verifiers do not repeat'],
      [withContributions((all) => Array(300).fill(all[0])), 'it is longer than the 262144 bytes'],
    ] as const) {
      const { record, transcript, notes } = ceremonyRecord(key);
      expect([record.transcript, transcript]).toEqual([undefined, undefined]);
      expect(notes).toEqual([expect.stringContaining(why)]);
    }
  });

  it('has none before anybody contributed', () => {
    const { record, transcript, notes } = ceremonyRecord(withContributions(() => []));
    expect(record).toEqual({ kind: 'ceremony', contributions: [] });
    expect([transcript, notes]).toEqual([undefined, []]);
  });
});

describe('the check of a key’s contributions', () => {
  it('accepts what snarkjs made, and a beacon that takes too long as a contribution', () => {
    checkContributions(zkey, 'a.zkey');
    checkContributions(slowBeacon(), 'a.zkey');
  });

  it('refuses a beacon that does not follow from its bytes', () => {
    const other = withContributions((all) =>
      all.map((one) =>
        one.beacon === undefined ? one : { ...one, beacon: { ...one.beacon, hash: new Uint8Array(16) } },
      ),
    );
    expect(() => checkContributions(other, 'a.zkey')).toThrow(
      'QP5024 A beacon does not follow from its bytes (contribution 3)',
    );
  });
});
