import { type Beacon, snarkjsBeacon } from '../ceremony/beacon.ts';
import { type Contributor, snarkjsContributor } from '../ceremony/contribute.ts';
import { chooseBackend } from '../prover/backends.ts';
import { nativeError } from '../prover/native-backend.ts';
import { nativeProver } from '../prover/native-binary.ts';
import { thisMachine } from '../prover/worker-count.ts';

/**
 * What computes a contribution: the native prover where it works, otherwise snarkjs. Both write the same format.
 *
 * @param file of the key, for errors
 * @param beacon public bytes to take the secret from, instead of the operating system's randomness
 */
export function contributorFor(file: string, beacon?: Beacon): Contributor {
  const native = nativeProver();
  if (native.state !== 'ready' || chooseBackend().backend.name !== 'native') {
    return beacon === undefined ? snarkjsContributor : snarkjsBeacon(beacon);
  }
  const { binding } = native;
  return async (before, name) => {
    try {
      return await binding.contribute(before, name, beacon, thisMachine().cores);
    } catch (error) {
      throw nativeError(error, file);
    }
  };
}
