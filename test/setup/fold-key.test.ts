import { copyFile, mkdtemp, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeProver } from '../../src/prover/native-binary.ts';
import type { NativeBinding } from '../../src/prover/native-binding.ts';
import { contributeTo } from '../../src/setup/contribute-to.ts';
import { foldArtifactKey } from '../../src/setup/fold-key.ts';
import { makeArtifactKey } from '../../src/setup/make-artifact-key.ts';
import { withTrialProver } from '../../src/setup/trial-prover.ts';
import { networkLikeR1cs } from '../formats/support/synthetic-r1cs.ts';
import { USUAL_BACKEND } from '../support/backends.ts';
import {
  compileSmall,
  holdCurve,
  makePtau,
  type SmallCircuit,
  temporaryFolder,
} from '../support/small-circuit.ts';

const native = nativeProver();
const binding = (native.state === 'ready' ? native.binding : undefined) as NativeBinding;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let circuit: SmallCircuit;
let release: () => Promise<void>;
beforeAll(async () => {
  release = await holdCurve();
  folder = await temporaryFolder();
  circuit = await compileSmall(folder.path);
});
afterAll(async () => {
  await folder.remove();
  await release();
});

/** A development key in a new folder, without its fold. */
async function developmentKey(r1cs: Uint8Array): Promise<{ zkey: string; fold: Buffer }> {
  const made = path.join(await mkdtemp(path.join(folder.path, 'made-')), 'circuit.zkey');
  const zkey = path.join(await mkdtemp(path.join(folder.path, 'key-')), 'circuit.zkey');
  await binding.developmentKey(r1cs, made, 1);
  await copyFile(made, zkey);
  return { zkey, fold: await readFile(`${made}.fold`) };
}

describe.skipIf(native.state !== 'ready' || USUAL_BACKEND.name !== 'native')('the fold of a key', () => {
  it('is, from its points alone, what its maker computed from the secrets', async () => {
    for (const r1cs of [await readFile(circuit.r1csPath), networkLikeR1cs(12, 8, 5, 3)]) {
      const { zkey, fold } = await developmentKey(r1cs);
      for (const threads of [1, 2]) {
        await binding.foldKey(r1cs, zkey, threads);
        expect((await readFile(`${zkey}.fold`)).equals(fold)).toBe(true);
      }
    }
  });

  it('is not made for another circuit, without a key, or once it is no longer wanted', async () => {
    const r1cs = networkLikeR1cs(2, 4, 2, 1);
    const { zkey } = await developmentKey(r1cs);
    await expect(binding.foldKey(networkLikeR1cs(3, 4, 2, 1), zkey, 1)).rejects.toMatchObject({
      code: 'bad-key',
    });
    await expect(binding.foldKey(r1cs.subarray(1), zkey, 1)).rejects.toMatchObject({ code: 'bad-circuit' });
    await expect(binding.foldKey(r1cs, `${zkey}x`, 1)).rejects.toMatchObject({ code: 'system' });
    const permit = binding.issuePermit();
    binding.revokePermit(permit);
    await expect(binding.foldKey(r1cs, zkey, 1, permit)).rejects.toMatchObject({ code: 'cancelled' });
    await expect(stat(`${zkey}.fold`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is added once to a ceremony key that is ready, and then used', async () => {
    const artifact = circuit.folder;
    expect(await foldArtifactKey(artifact)).toBe(false);
    const ptau = await makePtau(folder.path, 5);
    await makeArtifactKey(artifact, { source: { kind: 'ptau', file: ptau } });
    expect(await foldArtifactKey(artifact)).toBe(false);
    const { verificationKey } = await contributeTo(artifact);
    const prove = () =>
      withTrialProver(artifact, verificationKey, 'native', async (prover) =>
        prover!.prove(await circuit.witness(3)),
      );
    const cache = path.join(artifact, 'circuit.prover-key');
    const { publicSignals } = await prove();
    const without = await readFile(cache);
    const started: string[] = [];
    expect(await foldArtifactKey(artifact, { onStart: () => started.push('started') })).toBe(true);
    // The native prover verifies its own proofs.
    expect((await prove()).publicSignals).toEqual(publicSignals);
    expect((await readFile(cache)).equals(without)).toBe(false);
    expect(await foldArtifactKey(artifact, { onStart: () => started.push('again') })).toBe(false);
    expect(started).toEqual(['started']);
  });
});
