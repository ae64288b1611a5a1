/** What contributors could return instead of a contribution to what they were sent. */

import { type ContributionStatement, circuitId } from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carrierKey, pointsOfCarrier } from '../../src/ceremony/carrier-key.ts';
import { ceremonySetup } from '../../src/ceremony/ceremony-setup.ts';
import { contribute } from '../../src/ceremony/contribute.ts';
import { pointSetOf } from '../../src/ceremony/point-set.ts';
import { contributionStatement } from '../../src/ceremony/sign-contribution.ts';
import { encodePoints, pointsOfKey, readPoints } from '../../src/formats/points-file.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';
import { readZkey } from '../../src/formats/zkey.ts';
import { checkReturned, type Step } from '../../src/setup/ceremony-round/check-returned.ts';
import { contributorFor } from '../../src/setup/contributor.ts';
import { signStatement } from '../../src/sign/sign-statement.ts';
import { readSigningKey, type SigningKey, writeNewKeys } from '../../src/sign/signing-key.ts';
import { networkLikeR1cs } from '../formats/support/synthetic-r1cs.ts';
import { holdCurve, makePtau, temporaryFolder } from '../support/small-circuit.ts';

const r1cs = networkLikeR1cs(2, 4, 2, 1);
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let release: () => Promise<void>;
let ada: SigningKey;
let eve: SigningKey;
/** The key before anybody contributed, after one contribution, and after two. */
let keys: readonly [Uint8Array, Uint8Array, Uint8Array];
let step: Step;

beforeAll(async () => {
  release = await holdCurve();
  folder = await temporaryFolder();
  const ptau = await makePtau(folder.path, 4);
  const initial = (await ceremonySetup(readR1cs(r1cs), r1cs, ptau)).zkey;
  const one = await contribute(initial, 'Bo', 'key', contributorFor('key'));
  keys = [initial, one, await contribute(one, 'Ada', 'key', contributorFor('key'))];
  for (const name of ['ada', 'eve']) await writeNewKeys(`${folder.path}/${name}.pem`);
  [ada, eve] = [
    await readSigningKey(`${folder.path}/ada.pem`),
    await readSigningKey(`${folder.path}/eve.pem`),
  ];
  step = {
    before: one,
    circuit: { r1cs: readR1cs(r1cs), bytes: r1cs, circuitId: circuitId(r1cs) },
    request: { kind: 'key', file: { sha256: '', bytes: 1 } },
    info: { keyId: ada.id, key: ada.public },
    url: 'https://ada.example/',
  };
});
afterAll(async () => {
  await folder.remove();
  await release();
});

function statementOn(
  key: Uint8Array,
  before = keys[1],
  by = ada,
  change: (made: ContributionStatement) => ContributionStatement = (made) => made,
): Uint8Array {
  const made = contributionStatement(readZkey(key), {}, by, { received: pointSetOf(readZkey(before)) });
  return Buffer.from(signStatement(change(made), by));
}

/** A copy of a key with some of its points changed. */
function changed(key: Uint8Array, change: (zkey: ReturnType<typeof readZkey>) => void): Uint8Array {
  const copy = Uint8Array.from(key);
  change(readZkey(copy));
  return copy;
}

const returns = (received: Uint8Array, statement = statementOn(received)) =>
  checkReturned(step, { received, statement });

describe('what a contributor returns', () => {
  it('is taken where it is one contribution more, as a key or as points', async () => {
    expect(await returns(keys[2])).toEqual(keys[2]);
    const carrier = carrierKey(readPoints(pointsOfKey(readZkey(keys[1])), 'sent'));
    const made = await contribute(carrier, 'Ada', 'sent', contributorFor('sent'));
    const received = pointsOfCarrier(made);
    const blind = { ...step, request: { ...step.request, kind: 'points' } as const };
    const key = await checkReturned(blind, { received, statement: statementOn(made) });
    expect(readZkey(key).transcript.contributions.map(({ name }) => name)).toEqual(['Bo', 'Ada']);
    const { c, ...rest } = readPoints(received, 'x');
    const swapped = c.slice();
    swapped.copyWithin(0, 64, 128);
    const returning = checkReturned(blind, {
      received: encodePoints({ ...rest, c: swapped }),
      statement: statementOn(made),
    });
    await expect(returning).rejects.toMatchObject({ code: 'QP6521', where: step.url });
  });

  it('is refused as stale, truncated, swapped, without a contribution, or with more than one', async () => {
    const other = networkLikeR1cs(2, 4, 1, 1);
    const foreign = await ceremonySetup(readR1cs(other), other, `${folder.path}/pot4_final.ptau`);
    const cases = {
      stale: keys[0],
      unchanged: keys[1],
      again: await contribute(keys[0], 'Ada', 'key', contributorFor('key')),
      twice: await contribute(keys[2], 'Ada', 'key', contributorFor('key')),
      truncated: keys[2].subarray(0, -7),
      empty: new Uint8Array(),
      foreign: foreign.zkey,
      swapped: changed(keys[2], ({ h }) => h.copyWithin(0, 64, 128)),
      undivided: changed(keys[2], ({ c }) => c.set(readZkey(keys[1]).c)),
      otherIc: changed(keys[2], ({ ic }) => ic.copyWithin(0, 64, 128)),
      otherA: changed(keys[2], ({ a }) => a.copyWithin(0, 64, 128)),
      otherDelta: changed(keys[2], ({ delta1 }) => delta1.set(readZkey(keys[1]).delta1)),
    };
    for (const [name, received] of Object.entries(cases)) {
      const returning = returns(received, statementOn(keys[2]));
      await expect(returning, name).rejects.toMatchObject({ code: 'QP6521', where: step.url });
    }
  });

  it('is refused with a statement of somebody else, or on something else', async () => {
    const edit = (change: Partial<ContributionStatement['predicate']>) =>
      statementOn(keys[2], keys[1], ada, (made) => ({
        ...made,
        predicate: { ...made.predicate, ...change },
      }));
    const set = pointSetOf(readZkey(keys[0]));
    const checked = { circuitId: step.circuit.circuitId, phase1: { blake2b: 'ab'.repeat(64), name: 'x' } };
    const cases = {
      signer: statementOn(keys[2], keys[1], eve),
      step: statementOn(keys[1], keys[0]),
      received: statementOn(keys[2], keys[0]),
      returned: edit({ points: { returned: set } }),
      index: edit({ index: 1 }),
      checked: edit({ checked }),
      broken: Buffer.from('{}'),
      signature: Buffer.from(
        Buffer.from(statementOn(keys[2]))
          .toString()
          .replace(/("sig": ?")./, '$1/'),
      ),
    };
    for (const [name, statement] of Object.entries(cases)) {
      const returning = returns(keys[2], statement);
      await expect(returning, name).rejects.toMatchObject({ code: 'QP6523', where: step.url });
    }
  });
});
