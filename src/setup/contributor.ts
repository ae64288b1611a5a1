import { type Contributor, snarkjsContributor } from '../ceremony/contribute.ts';
import { chooseBackend } from '../prover/backends.ts';
import { nativeError } from '../prover/native-backend.ts';
import { nativeProver } from '../prover/native-binary.ts';
import { thisMachine } from '../prover/worker-count.ts';

/**
 * What computes a contribution: the native prover where it works, otherwise snarkjs. Both write the same format.
 *
 * @param file of the key, for errors
 */
export function contributorFor(file: string): Contributor {
  const native = nativeProver();
  if (native.state !== 'ready' || chooseBackend().backend.name !== 'native') return snarkjsContributor;
  const { binding } = native;
  return async (before, name) => {
    try {
      return await binding.contribute(before, name, undefined, thisMachine().cores);
    } catch (error) {
      throw nativeError(error, file);
    }
  };
}
