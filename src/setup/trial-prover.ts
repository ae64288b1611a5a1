import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { VerificationKeyJson } from '@quietproof/verify';
import { KEY_FILES } from '../artifact/file-names.ts';
import type { BackendName, Prover } from '../prover/backend.ts';
import { chooseBackend } from '../prover/backends.ts';
import { thisMachine } from '../prover/worker-count.ts';
import type { KeyFiles } from './setup-files.ts';

/**
 * Gives `work` a native prover for a key that is not in an artifact yet. With another backend, `work` gets `undefined`:
 * snarkjs is slower at 32 single proofs than `ProveTogether` is at all of them.
 */
export async function withTrialProver<T>(
  key: KeyFiles,
  verificationKey: VerificationKeyJson,
  requested: BackendName | undefined,
  work: (prover: Prover | undefined) => Promise<T>,
): Promise<T> {
  const { backend } = chooseBackend(requested);
  if (backend.name !== 'native') return work(undefined);
  const folder = await mkdtemp(path.join(tmpdir(), 'quietproof-trial-'));
  try {
    const file = path.join(folder, KEY_FILES.zkey);
    await writeFile(file, key.zkey, { mode: 0o600 });
    if (key.fold !== undefined) await writeFile(path.join(folder, KEY_FILES.fold), key.fold);
    const shared = await backend.share(file);
    const prover = await backend.load({ path: file, verificationKey, threads: thisMachine().cores });
    try {
      return await work(prover);
    } finally {
      await prover.close();
      shared.release();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
