import type { Backend } from '../../src/prover/backend.ts';
import { chooseBackend } from '../../src/prover/backends.ts';
import { nativeBackend } from '../../src/prover/native-backend.ts';
import { nativeProver } from '../../src/prover/native-binary.ts';
import { snarkjsBackend } from '../../src/prover/snarkjs-backend.ts';

/** What everything proves with where no test says otherwise: QUIETPROOF_BACKEND names it, and CI runs both. */
export const USUAL_BACKEND = chooseBackend().backend;

const native = nativeProver();
if (native.state !== 'ready' && process.env.CI !== undefined)
  throw new Error(`the native prover is not there: ${native.reason}`);

/** The native prover's binary. Tests of it are skipped where it is not built, but never in CI. */
export const NATIVE_BINARY = native.state === 'ready' ? native.file : undefined;

/** Every backend that this machine has. */
export const ALL_BACKENDS: readonly Backend[] = [
  snarkjsBackend,
  ...(native.state === 'ready' ? [nativeBackend(native.binding)] : []),
];
