import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { zKey } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ceremonySetup } from '../../src/ceremony/ceremony-setup.ts';
import { type Contributor, contribute, snarkjsContributor } from '../../src/ceremony/contribute.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';
import { readZkey } from '../../src/formats/zkey.ts';
import { withCurve } from '../../src/key/snarkjs-session.ts';
import { nativeProver } from '../../src/prover/native-binary.ts';
import type { NativeBinding } from '../../src/prover/native-binding.ts';
import { networkLikeR1cs } from '../formats/support/synthetic-r1cs.ts';
import { holdCurve, makePtau, temporaryFolder } from '../support/small-circuit.ts';

const native = nativeProver();
const binding = (native.state === 'ready' ? native.binding : undefined) as NativeBinding;
const natively: Contributor = (before, name) => binding.contribute(before, name, undefined, 2);
const r1cs = networkLikeR1cs(2, 4, 2, 1);
const BEACON = { hash: Buffer.from('00112233', 'hex'), iterationsExponent: 10 };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let release: () => Promise<void>;
let ptau: string;
let initial: Uint8Array;
beforeAll(async () => {
  release = await holdCurve();
  folder = await temporaryFolder();
  ptau = await makePtau(folder.path, 4);
  initial = (await ceremonySetup(readR1cs(r1cs), r1cs, ptau)).zkey;
});
afterAll(async () => {
  await folder.remove();
  await release();
});

async function snarkjsBeacon(before: Uint8Array): Promise<Uint8Array> {
  const target = { type: 'mem' as const, data: new Uint8Array() };
  await withCurve(() => zKey.beacon(before, target, 'Zoë', '00112233', BEACON.iterationsExponent));
  return target.data;
}

/** A copy with one bit of a part changed. The part is a view of the key's own bytes. */
function changed(before: Uint8Array, part: (of: ReturnType<typeof readZkey>) => Uint8Array): Uint8Array {
  const copy = Uint8Array.from(before);
  const bytes = part(readZkey(copy, 'key'));
  bytes[0]! ^= 1;
  return copy;
}

describe.skipIf(native.state !== 'ready')('native contributions', () => {
  it('are byte for byte those of snarkjs where the secret follows from a beacon', async () => {
    const contributed = await contribute(initial, 'Ada', 'key', snarkjsContributor);
    for (const before of [initial, contributed]) {
      const made = await binding.contribute(before, 'Zoë', BEACON, 2);
      expect(Buffer.compare(made, await snarkjsBeacon(before))).toBe(0);
    }
  });

  it('are accepted by snarkjs, and theirs here, in any order', async () => {
    let key = initial;
    for (const contributor of [natively, snarkjsContributor, natively]) {
      key = await contribute(key, 'Ada', 'key', contributor);
    }
    key = await binding.contribute(key, 'beacon', BEACON, 1);
    expect(readZkey(key, 'key').transcript.contributions.map(({ kind, name }) => [kind, name])).toEqual([
      ...Array(3).fill(['contribution', 'Ada']),
      ['beacon', 'beacon'],
    ]);
    const phase1 = new Uint8Array(await readFile(ptau));
    expect(await withCurve(() => zKey.verifyFromR1cs(r1cs, phase1, key))).toBe(true);
  });

  it('have another secret each time', async () => {
    const made = [await natively(initial, 'Ada'), await natively(initial, 'Ada')];
    const [one, other] = made.map((key) => readZkey(key, 'key').transcript.contributions[0]!);
    expect(one!.deltaAfter).not.toEqual(other!.deltaAfter);
    expect(one!.g1S).not.toEqual(other!.g1S);
  });

  it('are refused before the secret meets a point outside its group', async () => {
    for (const part of ['c', 'h', 'delta1', 'delta2'] as const) {
      const bad = changed(initial, (zkey) => zkey[part]);
      await expect(natively(bad, 'Ada')).rejects.toMatchObject({ code: 'bad-key' });
    }
  });

  it('are refused where the transcript ends in another delta, or is cut', async () => {
    const contributed = await natively(initial, 'Ada');
    const foreign = changed(contributed, (zkey) => zkey.transcript.contributions[0]!.deltaAfter);
    await expect(natively(foreign, 'Bea')).rejects.toThrow('another delta');
    await expect(natively(contributed.subarray(0, -1), 'Bea')).rejects.toMatchObject({ code: 'bad-key' });
    await expect(natively(randomBytes(100), 'Bea')).rejects.toMatchObject({ code: 'bad-key' });
  });

  it('stop when their permit is revoked', async () => {
    const permit = binding.issuePermit();
    binding.revokePermit(permit);
    const stopped = binding.contribute(initial, 'Ada', undefined, 1, permit);
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  });
});
