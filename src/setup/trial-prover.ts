import path from 'node:path';
import type { VerificationKeyJson } from '@quietproof/verify';
import { KEY_FILES } from '../artifact/file-names.ts';
import type { BackendName, Prover } from '../prover/backend.ts';
import { chooseBackend } from '../prover/backends.ts';
import { thisMachine } from '../prover/worker-count.ts';

/**
 * Gives `work` a native prover for the key in a folder, and leaves the key there in the prover's own layout, so that the
 * first proof finds it. With another backend, `work` gets `undefined`: snarkjs is slower at 32 single proofs than
 * `ProveTogether` is at all of them.
 */
export async function withTrialProver<T>(
  folder: string,
  verificationKey: VerificationKeyJson,
  requested: BackendName | undefined,
  work: (prover: Prover | undefined) => Promise<T>,
): Promise<T> {
  const { backend } = chooseBackend(requested);
  if (backend.name !== 'native') return work(undefined);
  const file = path.join(folder, KEY_FILES.zkey);
  const shared = await backend.share(file);
  try {
    const prover = await backend.load({ path: file, verificationKey, threads: thisMachine().cores });
    try {
      return await work(prover);
    } finally {
      await prover.close();
    }
  } finally {
    shared.release();
  }
}
