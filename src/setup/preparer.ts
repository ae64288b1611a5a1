import type { KeyPreparer } from '../ceremony/key-preparer.ts';
import { snarkjsPreparer } from '../ceremony/snarkjs-preparer.ts';
import { chooseBackend } from '../prover/backends.ts';
import { nativeProver } from '../prover/native-binary.ts';
import type { NativeBinding } from '../prover/native-binding.ts';
import { permitted } from '../prover/permitted.ts';
import { thisMachine } from '../prover/worker-count.ts';

/** What makes the first key of a ceremony: the native prover where it works, otherwise snarkjs. */
export function preparerFor(): KeyPreparer {
  const native = nativeProver();
  if (native.state !== 'ready' || chooseBackend().backend.name !== 'native') return snarkjsPreparer;
  return nativePreparer(native.binding);
}

/** Prepares with the native prover. */
export function nativePreparer(binding: NativeBinding): KeyPreparer {
  const { cores } = thisMachine();
  return {
    check: ({ ptau, power, signal }) =>
      permitted(binding, ptau, signal, (permit) => binding.checkPhase1(ptau, power, cores, permit)),
    newKey: ({ r1csBytes, ptau, signal }) =>
      permitted(binding, ptau, signal, (permit) => binding.prepareKey(r1csBytes, ptau, cores, permit)),
  };
}
